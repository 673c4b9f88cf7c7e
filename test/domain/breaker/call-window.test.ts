import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterCall } from "../../../shared/domain/breaker/after-call.ts";
import { type Breaker, healthyBreaker } from "../../../shared/domain/breaker/breaker.ts";
import { DATA_BREAKER } from "../../../shared/domain/breaker/breaker-policy.ts";
import { countCall, emptyWindow, windowRates } from "../../../shared/domain/breaker/call-window.ts";
import type { TellingOutcome } from "../../../shared/domain/breaker/outcome.ts";

const GOOD: TellingOutcome = { type: "success", durationMs: 5 };
const SLOW: TellingOutcome = { type: "success", durationMs: 2_001 };
const BAD: TellingOutcome = { type: "failure", durationMs: 5 };
const policy = { ...DATA_BREAKER, failuresToOpen: Infinity };

const run = (outcomes: readonly TellingOutcome[]): { breaker: Breaker; calls: number } => {
  let breaker: Breaker = healthyBreaker(0);
  let calls = 0;
  for (const outcome of outcomes) {
    const permit = { generation: 0, lease: 0 };
    breaker = afterCall(breaker, { permit, outcome, nowMs: calls, chance: 0 }, policy);
    calls += 1;
    if (breaker.state !== "closed") break;
  }
  return { breaker, calls };
};

describe("a window of calls", () => {
  it("opens at the first call that makes the failures, or the slow ones, more than their share", () => {
    const outcomes = fc.array(fc.constantFrom(GOOD, BAD, SLOW), { maxLength: 80 });
    fc.assert(
      fc.property(outcomes, (all) => {
        const { breaker, calls } = run(all);
        let due: number | undefined;
        for (let seen = 1; seen <= all.length && due === undefined; seen++) {
          const window = all.slice(0, seen);
          const last = window.at(-1);
          const failures = window.filter((outcome) => outcome === BAD).length;
          const slow = window.filter((outcome) => outcome === SLOW).length;
          const isOver = failures > 0.5 * seen || slow > 0.8 * seen;
          if (seen >= policy.callsMin && isOver && last !== GOOD) due = seen;
        }
        expect(breaker.state === "open" ? calls : undefined).toBe(due);
      }),
      { numRuns: 300 },
    );
  });

  it("counts what is surely within it, nothing that is surely outside, and no more than there was", () => {
    const gaps = fc.array(fc.tuple(fc.nat(40_000), fc.constantFrom(GOOD, BAD)), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (calls) => {
        let window = emptyWindow(0);
        let nowMs = 0;
        const ended: { atMs: number; isBad: boolean }[] = [];
        for (const [ms, outcome] of calls) {
          nowMs += ms;
          window = countCall(window, outcome, nowMs, policy);
          ended.push({ atMs: nowMs, isBad: outcome === BAD });
          const rates = windowRates(window, nowMs, policy);
          const young = ended.filter(({ atMs }) => nowMs - atMs < 2 * policy.windowMs);
          expect(rates.calls).toBeLessThanOrEqual(young.length + 1e-6);
          expect(rates.failures).toBeLessThanOrEqual(
            young.filter((one) => one.isBad).length + 1e-6,
          );
          expect(rates.failures).toBeLessThanOrEqual(rates.calls + 1e-6);
          expect(rates.calls).toBeGreaterThanOrEqual(1);
        }
        expect(windowRates(window, nowMs + 2 * policy.windowMs, policy).calls).toBe(0);
      }),
    );
  });

  it("forgets the slice before in a straight line", () => {
    let window = emptyWindow(0);
    for (let call = 0; call < 10; call++) window = countCall(window, BAD, 0, policy);
    expect(windowRates(window, 90_000, policy)).toEqual({ calls: 5, failures: 5, slow: 0 });
  });
});
