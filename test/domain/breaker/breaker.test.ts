import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admitCall, type Permit } from "../../../shared/domain/breaker/admit-call.ts";
import { afterCall } from "../../../shared/domain/breaker/after-call.ts";
import { type Breaker, healthyBreaker } from "../../../shared/domain/breaker/breaker.ts";
import { type BreakerPolicy, DATA_BREAKER } from "../../../shared/domain/breaker/breaker-policy.ts";
import type { Outcome } from "../../../shared/domain/breaker/outcome.ts";
import { transitionOf } from "../../../shared/domain/breaker/transition.ts";
import { OPEN_MS } from "../../contracts/arbitraries.ts";
import { createPaperBreaker } from "./breaker-model.ts";

const GOOD: Outcome = { type: "success", durationMs: 5 };
const BAD: Outcome = { type: "failure", durationMs: 5 };
const exact: BreakerPolicy = { ...DATA_BREAKER, windowMs: 0, jitterShare: 0, rampMs: 0 };

/** Calls begin, end in any order and perhaps never, and time passes in between. */
const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("ask" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("end" as const),
      which: fc.nat(),
      isGood: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("wait" as const),
      ms: fc.oneof(fc.nat(100), fc.constantFrom(9_999, 10_000, 59_999, 60_000, 120_000, 1_800_000)),
    }),
  },
);

/** Long enough to trip and to come back, several times over. */
const stepsArbitrary = fc.array(stepArbitrary, { minLength: 50, maxLength: 150, size: "max" });

const outcomeArbitrary: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ type: fc.constant("success" as const), durationMs: fc.nat(5_000) }),
  fc.record({ type: fc.constant("failure" as const), durationMs: fc.nat(5_000) }),
  fc.record({
    type: fc.constant("failure" as const),
    durationMs: fc.nat(10),
    retryAtMs: fc.nat(2_000_000).map((ms) => OPEN_MS + ms),
  }),
  fc.record({ type: fc.constant("overtaken" as const), durationMs: fc.nat(100) }),
  fc.constant({ type: "abandoned" as const }),
);

/** A breaker somewhere in its life, with leave that was given on the way. */
const lifeArbitrary = fc
  .array(fc.tuple(outcomeArbitrary, fc.nat(70_000), fc.double({ min: 0, max: 0.99, noNaN: true })))
  .map((life) => {
    let breaker: Breaker = healthyBreaker(OPEN_MS);
    let nowMs = OPEN_MS;
    const given: Permit[] = [];
    const past: Breaker[] = [breaker];
    for (const [outcome, ms, chance] of life) {
      nowMs += ms;
      const admission = admitCall(breaker, { nowMs, chance, isSafeRead: true }, DATA_BREAKER);
      breaker = admission.breaker;
      past.push(breaker);
      if (!admission.admitted) continue;
      const { permit } = admission;
      given.push(permit);
      breaker = afterCall(breaker, { permit, outcome, nowMs, chance }, DATA_BREAKER);
      past.push(breaker);
    }
    return { breaker, nowMs, given, past };
  });

const failTimes = (breaker: Breaker, times: number, nowMs: number, policy = exact): Breaker => {
  let next = breaker;
  const permit = { generation: breaker.generation, lease: 0 };
  for (let index = 0; index < times; index++) {
    next = afterCall(next, { permit, outcome: BAD, nowMs, chance: 0 }, policy);
  }
  return next;
};

/** For how long a breaker opens when the vendor asks to be left alone for so long, milliseconds. */
const openAfterAsked = (askedMs: number): number => {
  const outcome: Outcome = { type: "failure", durationMs: 1, retryAtMs: OPEN_MS + askedMs };
  const call = { permit: { generation: 0, lease: 0 }, outcome, nowMs: OPEN_MS, chance: 0 };
  const after = afterCall(healthyBreaker(OPEN_MS), call, DATA_BREAKER);
  return after.state === "open" ? after.untilMs - OPEN_MS : 0;
};

describe("a breaker", () => {
  it("decides as the same rules on paper do, whatever the order of calls, answers and time", () => {
    const policies = fc.record({
      failuresToOpen: fc.integer({ min: 1, max: 4 }),
      probesMax: fc.integer({ min: 1, max: 3 }),
      less: fc.nat(2),
    });
    fc.assert(
      fc.property(policies, stepsArbitrary, (varied, steps) => {
        const { failuresToOpen, probesMax, less } = varied;
        const successesToClose = Math.max(1, probesMax - less);
        const policy = { ...exact, failuresToOpen, probesMax, successesToClose };
        const paper = createPaperBreaker(policy);
        let breaker: Breaker = healthyBreaker(0);
        let nowMs = 0;
        const running: { permit: Permit; leave: { era: number; probe: number } }[] = [];
        for (const step of steps) {
          switch (step.type) {
            case "wait":
              nowMs += step.ms;
              break;
            case "ask": {
              const admission = admitCall(breaker, { nowMs, chance: 0, isSafeRead: true }, policy);
              breaker = admission.breaker;
              const leave = paper.ask(nowMs);
              expect(admission.admitted).toBe(leave !== undefined);
              if (admission.admitted && leave !== undefined) {
                running.push({ permit: admission.permit, leave });
              }
              break;
            }
            case "end": {
              const [call] = running.splice(step.which % Math.max(1, running.length), 1);
              if (call === undefined) break;
              const outcome = step.isGood ? GOOD : BAD;
              breaker = afterCall(
                breaker,
                { permit: call.permit, outcome, nowMs, chance: 0 },
                policy,
              );
              paper.tell(call.leave, step.isGood, nowMs);
              break;
            }
          }
          expect([breaker.state, breaker.generation]).toEqual([paper.state(), paper.era()]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never opens while no run of failures, and no share of them, reaches its limit", () => {
    const goods = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 });
    fc.assert(
      fc.property(goods, (runs) => {
        const policy = { ...DATA_BREAKER, failureShareMax: 1 };
        let breaker: Breaker = healthyBreaker(OPEN_MS);
        const permit = { generation: 0, lease: 0 };
        for (const failures of runs) {
          breaker = failTimes(breaker, failures, OPEN_MS, policy);
          breaker = afterCall(
            breaker,
            { permit, outcome: GOOD, nowMs: OPEN_MS, chance: 0 },
            policy,
          );
        }
        expect(breaker.state).toBe("closed");
      }),
    );
  });

  it("raises its generation with every change of state, and never else", () => {
    fc.assert(
      fc.property(lifeArbitrary, ({ past }) => {
        for (const [index, after] of past.entries()) {
          const before = past[index - 1] ?? after;
          const rose = after.generation - before.generation;
          expect(rose >= 0).toBe(true);
          expect(rose === 0).toBe(after.state === before.state);
          expect(transitionOf("a.b", before, after) === undefined).toBe(rose === 0);
        }
      }),
    );
  });

  it("is not moved by a result that belongs to an earlier generation", () => {
    const back: Breaker = { ...healthyBreaker(OPEN_MS), generation: 3 };
    const late = { permit: { generation: 0, lease: 0 }, outcome: BAD, nowMs: OPEN_MS, chance: 0 };
    expect(afterCall(back, late, DATA_BREAKER)).toBe(back);
    fc.assert(
      fc.property(lifeArbitrary, outcomeArbitrary, ({ breaker, nowMs, given }, outcome) => {
        for (const permit of given) {
          if (permit.generation === breaker.generation) continue;
          const after = afterCall(breaker, { permit, outcome, nowMs, chance: 0 }, DATA_BREAKER);
          expect(after).toBe(breaker);
        }
      }),
    );
  });

  it("stays open for its own time or what the vendor asks, within its bounds, and longer each time", () => {
    fc.assert(
      fc.property(lifeArbitrary, ({ past }) => {
        for (const breaker of past) {
          if (breaker.state !== "open") continue;
          const openMs = breaker.untilMs - breaker.sinceMs;
          const { openMaxMs, askedMaxMs, jitterShare } = DATA_BREAKER;
          const mostMs = Math.max(openMaxMs, askedMaxMs);
          expect(openMs).toBeLessThanOrEqual(Math.ceil(mostMs * (1 + jitterShare)));
          if (breaker.reason === "vendorSaidWait") continue;
          const least = Math.min(openMaxMs, DATA_BREAKER.openMs * 2 ** (breaker.trips - 1));
          expect(openMs).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  it("closes again from wherever it is, once the vendor is well", () => {
    fc.assert(
      fc.property(lifeArbitrary, ({ breaker: worn, nowMs: fromMs }) => {
        let breaker = worn;
        let nowMs = fromMs + 2 * DATA_BREAKER.askedMaxMs;
        for (let call = 0; call < 3; call++) {
          nowMs += 1;
          const admission = admitCall(
            breaker,
            { nowMs, chance: 0, isSafeRead: true },
            DATA_BREAKER,
          );
          if (!admission.admitted) throw new Error("A vendor that is well is refused.");
          const { permit } = admission;
          breaker = admission.breaker;
          breaker = afterCall(breaker, { permit, outcome: GOOD, nowMs, chance: 0 }, DATA_BREAKER);
        }
        expect(breaker.state).toBe("closed");
      }),
    );
  });

  it("takes the E1 values: 5 failures, 60 s, 3 probes, 3 successes", () => {
    const open = failTimes(healthyBreaker(OPEN_MS), 5, OPEN_MS, DATA_BREAKER);
    expect(failTimes(healthyBreaker(OPEN_MS), 4, OPEN_MS).state).toBe("closed");
    expect(open).toMatchObject({ state: "open", untilMs: OPEN_MS + 60_000 });
    const early = { nowMs: OPEN_MS + 59_999, chance: 0, isSafeRead: true };
    expect(admitCall(open, early, DATA_BREAKER)).toMatchObject({
      admitted: false,
      refusal: { reason: "open", retryAtMs: OPEN_MS + 60_000 },
    });
    let breaker = open;
    const permits: Permit[] = [];
    const due = { ...early, nowMs: OPEN_MS + 60_000 };
    for (let probe = 0; probe < 4; probe++) {
      const admission = admitCall(breaker, due, DATA_BREAKER);
      breaker = admission.breaker;
      if (admission.admitted) permits.push(admission.permit);
      else expect(admission.refusal.reason).toBe("probesOut");
    }
    expect(permits).toHaveLength(3);
    for (const permit of permits) {
      expect(breaker.state).toBe("halfOpen");
      const call = { permit, outcome: GOOD, nowMs: due.nowMs, chance: 0 };
      breaker = afterCall(breaker, call, DATA_BREAKER);
    }
    expect(breaker.state).toBe("closed");
  });

  it("opens at once, for so long, when the vendor says when to come back, and holds no grudge", () => {
    const permit = { generation: 0, lease: 0 };
    const outcome: Outcome = { type: "failure", durationMs: 1, retryAtMs: OPEN_MS + 20_000 };
    const call = { permit, outcome, nowMs: OPEN_MS, chance: 0 };
    expect(afterCall(healthyBreaker(OPEN_MS), call, DATA_BREAKER)).toMatchObject({
      state: "open",
      reason: "vendorSaidWait",
      untilMs: OPEN_MS + 20_000,
      trips: 0,
    });
  });

  it("stays away for as long as the vendor asks, also where that is longer than it ever would", () => {
    expect(openAfterAsked(1_800_000)).toBe(1_800_000);
    expect(openAfterAsked(86_400_000)).toBe(DATA_BREAKER.askedMaxMs);
  });

  it("lets nothing but safe reads find out whether a vendor is back", () => {
    const open = failTimes(healthyBreaker(OPEN_MS), 5, OPEN_MS);
    const order = { nowMs: OPEN_MS + 60_000, chance: 0, isSafeRead: false };
    expect(admitCall(open, order, exact)).toMatchObject({
      admitted: false,
      refusal: { reason: "notSafeToProbe" },
    });
  });

  it("lets a share of the calls through after it closed, which only grows", () => {
    const rampUntilMs = OPEN_MS + DATA_BREAKER.rampMs;
    const closed = { ...healthyBreaker(OPEN_MS), rampUntilMs };
    const admits = (afterMs: number, chance: number): boolean =>
      admitCall(closed, { nowMs: OPEN_MS + afterMs, chance, isSafeRead: true }, DATA_BREAKER)
        .admitted;
    fc.assert(
      fc.property(fc.nat(9_999), fc.double({ min: 0, max: 0.99, noNaN: true }), (ms, chance) => {
        expect(!admits(ms, chance) || admits(ms + 1, chance)).toBe(true);
        expect(chance >= DATA_BREAKER.rampFirstShare || admits(0, chance)).toBe(true);
      }),
    );
    expect(admits(0, 0.3)).toBe(false);
    expect(admits(DATA_BREAKER.rampMs, 0.99)).toBe(true);
  });
});
