import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ALPACA_BUDGET,
  closeBucket,
  fullBucket,
  type RequestLane,
  takeTokens,
  type TokenBucket,
} from "../../../shared/domain/budget/token-bucket.ts";

const policy = ALPACA_BUDGET;
const LIMIT_PER_MINUTE = 200;

const stepArbitrary = fc.record({
  afterMs: fc.oneof(fc.nat(300), fc.nat(20_000), fc.constant(0)),
  lane: fc.constantFrom<RequestLane>("exit", "entry", "read"),
  most: fc.integer({ min: 1, max: 12 }),
});

/** Every taking, with its moment. */
const run = (
  steps: readonly (typeof stepArbitrary extends fc.Arbitrary<infer Step> ? Step : never)[],
) => {
  let nowMs = 1_000_000;
  let bucket: TokenBucket = fullBucket(policy, nowMs);
  return steps.map(({ afterMs, lane, most }) => {
    nowMs += afterMs;
    const taking = takeTokens(bucket, { lane, least: 1, most }, nowMs, policy);
    bucket = taking.bucket;
    return { nowMs, lane, taken: taking.taken, left: bucket.tokens, retryAtMs: taking.retryAtMs };
  });
};

describe("a request budget", () => {
  it("never lets more leave within a minute than the vendor allows, leases among them", () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 300 }), (steps) => {
        const takings = run(steps);
        for (const [index, first] of takings.entries()) {
          // What is leased may leave up to the lease's end.
          const withinMs = 60_000 + policy.leaseMs;
          const inWindow = takings
            .slice(index)
            .filter(({ nowMs }) => nowMs - first.nowMs < withinMs)
            .reduce((sum, { taken }) => sum + taken, 0);
          expect(inWindow).toBeLessThanOrEqual(LIMIT_PER_MINUTE);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the exits' reserve from everything else", () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 200 }), (steps) => {
        const others = steps.map(
          (step) => ({ ...step, lane: step.lane === "exit" ? "read" : step.lane }) as const,
        );
        for (const { left } of run(others)) {
          expect(left).toBeGreaterThanOrEqual(policy.exitReserve);
        }
        const last = run(others).at(-1);
        if (last === undefined) return;
        const bucket = { tokens: last.left, atMs: last.nowMs, closedUntilMs: last.nowMs + 9_000 };
        const wanted = { lane: "exit", least: 1, most: policy.exitReserve } as const;
        const taking = takeTokens(bucket, wanted, last.nowMs, policy);
        expect(taking.taken).toBe(policy.exitReserve);
      }),
    );
  });

  it("leaves to reading what entries would use up, so that what is held stays known", () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 200 }), (steps) => {
        const entries = run(steps.map((step) => ({ ...step, lane: "entry" }) as const));
        for (const { left, nowMs } of entries) {
          expect(left).toBeGreaterThanOrEqual(policy.exitReserve + policy.readReserve);
          const bucket = { tokens: left, atMs: nowMs, closedUntilMs: 0 };
          const wanted = { lane: "read", least: 1, most: policy.readReserve } as const;
          expect(takeTokens(bucket, wanted, nowMs, policy).taken).toBe(policy.readReserve);
        }
      }),
    );
  });

  it("has what it refused at the moment it names", () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 200 }), (steps) => {
        for (const { lane, taken, left, nowMs, retryAtMs } of run(steps)) {
          if (taken > 0) continue;
          const bucket = { tokens: left, atMs: nowMs, closedUntilMs: 0 };
          const later = takeTokens(bucket, { lane, least: 1, most: 1 }, retryAtMs, policy);
          expect(later.taken).toBe(1);
        }
      }),
    );
  });

  it("stays closed for all but exits once the vendor refused, though never for ever", () => {
    const closed = closeBucket(fullBucket(policy, 0), 9e15, 0, policy);
    const ask = (lane: RequestLane, nowMs: number) =>
      takeTokens(closed, { lane, least: 1, most: 1 }, nowMs, policy).taken;
    expect([ask("entry", 1_000), ask("read", 1_000), ask("exit", 1_000)]).toEqual([0, 0, 1]);
    expect(ask("read", 5 * 60_000)).toBe(1);
  });
});
