import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBreakers } from "../../../shared/adapters/calls/breakers.ts";
import { type CallPolicy, DATA_CALLS } from "../../../shared/adapters/calls/call-policy.ts";
import { createCalls } from "../../../shared/adapters/calls/calls.ts";
import { type AskLimits, OVERTAKEN, type Source } from "../../../shared/adapters/calls/source.ts";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import { DATA_BREAKER } from "../../../shared/domain/breaker/breaker-policy.ts";
import type { Outcome } from "../../../shared/domain/breaker/outcome.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { VendorFault, VendorFaultClass } from "../../../shared/ports/vendor-fault.ts";
import { createVirtualTime } from "./virtual-time.ts";

/** What a source does with one request. */
type Behaviour =
  | { readonly type: "answers"; readonly afterMs: number }
  | { readonly type: "fails"; readonly afterMs: number; readonly class: VendorFaultClass }
  | { readonly type: "hangs" };

const answers = (afterMs = 5): Behaviour => ({ type: "answers", afterMs });
const fails = (faultClass: VendorFaultClass = "NETWORK", afterMs = 2): Behaviour => ({
  type: "fails",
  afterMs,
  class: faultClass,
});
const HANGS: Behaviour = { type: "hangs" };

/** One timer watches all deadlines, and runs out by itself. */
const THE_WATCH = 1;

const breakDown = (): Promise<never> => Promise.reject(new TypeError("A bug."));

const createWorld = (policy: Partial<CallPolicy> = {}) => {
  const time = createVirtualTime();
  const random = createSeededRandom(11);
  const { clock, timers } = time;
  const breakers = createBreakers({
    clock,
    timers,
    random,
    policy: DATA_BREAKER,
    kind: "data",
    onTransition: () => undefined,
  });
  const recorded: { name: string; outcome: Outcome }[] = [];
  const admitted: string[] = [];
  const watched = {
    admit: (name: string) => {
      const answer = breakers.admit(name);
      if (!(answer instanceof Promise) && answer.type === "Leave") admitted.push(name);
      return answer;
    },
    record: (...words: Parameters<typeof breakers.record>) => {
      recorded.push({ name: words[0], outcome: words[2] });
      breakers.record(...words);
    },
  };
  const whole = { ...DATA_CALLS, ...policy };
  const calls = createCalls({ breakers: watched, clock, timers, policy: whole });
  const asked: { name: string; atMs: number; limits: AskLimits }[] = [];
  /** Behaves as listed, request by request; the last one stays. */
  const source = (name: string, ...behaviours: readonly Behaviour[]): Source<string> => {
    let requests = 0;
    return {
      vendor: name,
      name: `${name}.snapshots`,
      ask: (limits) => {
        asked.push({ name, atMs: clock.monotonicMs(), limits });
        const behaviour = behaviours[Math.min(requests, behaviours.length - 1)] ?? HANGS;
        requests += 1;
        return perform(behaviour, name);
      },
    };
  };
  const perform = (behaviour: Behaviour, name: string): Promise<Result<string, VendorFault>> => {
    switch (behaviour.type) {
      case "answers":
        return time.later(behaviour.afterMs, ok(name));
      case "fails": {
        const fault = { type: "VendorFault", vendor: name, detail: "It failed." } as const;
        return time.later(behaviour.afterMs, err({ ...fault, class: behaviour.class }));
      }
      case "hangs":
        return new Promise(() => undefined);
    }
  };
  return { time, calls, source, asked, admitted, recorded };
};

describe("a source", () => {
  it("is asked once, whatever comes of it: those above decide who is asked again", async () => {
    const { time, calls, source, asked } = createWorld();
    const result = await time.settle(calls.read(source("a", fails())));
    expect(result).toMatchObject({ ok: false, error: { because: "source" } });
    expect(asked).toHaveLength(1);
  });

  it("is timed out, aborted and blamed", async () => {
    const { time, calls, source, asked, recorded } = createWorld();
    const result = await time.settle(calls.read(source("a", HANGS)));
    expect(result).toMatchObject({ ok: false, error: { cause: { class: "NETWORK" } } });
    expect(time.clock.monotonicMs()).toBe(2_000);
    expect(asked[0]?.limits.signal.aborted).toBe(true);
    expect(recorded.map(({ outcome }) => outcome.type)).toEqual(["failure"]);
  });

  it("is not blamed for a deadline that left it no time", async () => {
    const { time, calls, source, recorded } = createWorld();
    await time.settle(calls.read(source("a", HANGS), { deadlineMs: 100 }));
    expect(time.clock.monotonicMs()).toBe(100);
    expect(recorded.map(({ outcome }) => outcome.type)).toEqual(["abandoned"]);
  });

  it("is refused as a value, at once, while its breaker is open", async () => {
    const { time, calls, source, asked } = createWorld();
    for (let call = 0; call < 5; call++) await time.settle(calls.read(source("a", fails())));
    const startedAtMs = time.clock.monotonicMs();
    const result = await time.settle(calls.read(source("a", answers())));
    expect(result).toMatchObject({
      ok: false,
      error: { cause: { type: "BreakerRefusal", reason: "open" } },
    });
    expect([asked.length, time.clock.monotonicMs()]).toEqual([5, startedAtMs]);
  });

  it("passes a bug on, and forgets nothing that it holds", async () => {
    const { time, calls, recorded } = createWorld();
    await expect(
      time.settle(calls.read({ vendor: "a", name: "a.snapshots", ask: breakDown })),
    ).rejects.toThrow("A bug.");
    expect(recorded.map(({ outcome }) => outcome.type)).toEqual(["abandoned"]);
    expect(time.pending()).toBeLessThanOrEqual(THE_WATCH);
  });

  it("is aborted, and not blamed, when the caller gives up", async () => {
    const { time, calls, source, asked, recorded } = createWorld();
    const caller = new AbortController();
    time.timers.after(100, () => caller.abort());
    const reading = calls.read(source("a", HANGS), { signal: caller.signal });
    expect(await time.settle(reading)).toMatchObject({ ok: false, error: { because: "givenUp" } });
    expect(time.clock.monotonicMs()).toBe(100);
    expect(asked.map(({ limits }) => limits.signal.aborted)).toEqual([true]);
    expect(recorded.map(({ outcome }) => outcome.type)).toEqual(["abandoned"]);
    expect(time.pending()).toBeLessThanOrEqual(THE_WATCH);
  });

  it("was too slow when the caller says that it asked somebody else meanwhile", async () => {
    const { time, calls, source, recorded } = createWorld();
    const caller = new AbortController();
    time.timers.after(30, () => caller.abort(OVERTAKEN));
    await time.settle(calls.read(source("a", HANGS), { signal: caller.signal }));
    expect(recorded.map(({ outcome }) => outcome.type)).toEqual(["overtaken"]);
    expect(calls.latencyMs("a.snapshots", 0.5)).toBeGreaterThan(20);
  });
});

it("settles in time, asks within bounds and leaves nothing behind, whatever the source does", async () => {
  const behaviour = fc.oneof(
    fc.record({ type: fc.constant("answers" as const), afterMs: fc.nat(3_000) }),
    fc.record({
      type: fc.constant("fails" as const),
      afterMs: fc.nat(3_000),
      class: fc.constantFrom("NETWORK" as const, "RATE_LIMIT" as const, "AUTH_ERROR" as const),
    }),
    fc.constant(HANGS),
  );
  const plan = fc.record({
    behaviours: fc.array(behaviour, { minLength: 1, maxLength: 8 }),
    reads: fc.array(
      fc.record({ withinMs: fc.option(fc.nat(5_000)), abortMs: fc.option(fc.nat(5_000)) }),
      { minLength: 1, maxLength: 6 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const { time, calls, source, asked, admitted, recorded } = createWorld();
      const only = source("a", ...planned.behaviours);
      for (const { withinMs, abortMs } of planned.reads) {
        const startedAtMs = time.clock.monotonicMs();
        const before = asked.length;
        const caller = new AbortController();
        const callOff =
          abortMs === null ? undefined : time.timers.after(abortMs, () => caller.abort());
        const deadlineMs = withinMs === null ? Infinity : startedAtMs + withinMs;
        const result = await time.settle(calls.read(only, { deadlineMs, signal: caller.signal }));
        const tookMs = time.clock.monotonicMs() - startedAtMs;
        callOff?.();
        expect(tookMs).toBeLessThanOrEqual(Math.min(withinMs ?? Infinity, abortMs ?? Infinity));
        expect(asked.length - before).toBeLessThanOrEqual(1);
        expect(recorded).toHaveLength(admitted.length);
        const running = asked.slice(before).filter(({ limits }) => !limits.signal.aborted);
        expect(running.every(({ limits }) => limits.deadlineMs <= deadlineMs)).toBe(true);
        if (result.ok)
          expect(recorded.some(({ outcome }) => outcome.type === "success")).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
