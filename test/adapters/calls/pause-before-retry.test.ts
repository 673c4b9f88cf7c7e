import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pauseBeforeRetry } from "../../../shared/adapters/calls/pause-before-retry.ts";
import { POLL_RETRY } from "../../../shared/adapters/gateway/gateway.ts";
import { createVirtualTime } from "./virtual-time.ts";

describe("the pause before something is asked for again", () => {
  it("is at most 1 s and 2 s, ends before the deadline, and comes out of the budget (E3)", async () => {
    const attempts = fc.record({
      attempt: fc.integer({ min: 1, max: 5 }),
      withinMs: fc.option(fc.nat(3_000)),
      chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      extras: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(attempts, async ({ attempt, withinMs, chance, extras }) => {
        const time = createVirtualTime();
        const startedAtMs = time.clock.monotonicMs();
        const deadlineMs = withinMs === null ? Infinity : startedAtMs + withinMs;
        let left = extras;
        const pause = pauseBeforeRetry({ ...time, random: { next: () => chance } }, POLL_RETRY, {
          attempt,
          deadlineMs,
          takeExtra: () => left-- > 0,
        });
        const waitMs = chance * 1_000 * 2 ** (attempt - 1);
        const isMeant = attempt < 3 && startedAtMs + waitMs < deadlineMs && extras > 0;
        expect(pause !== undefined).toBe(isMeant);
        if (pause === undefined) return;
        await time.settle(pause);
        const tookMs = time.clock.monotonicMs() - startedAtMs;
        expect(tookMs).toBeLessThanOrEqual(attempt * 1_000);
        expect(startedAtMs + tookMs).toBeLessThanOrEqual(deadlineMs);
        expect(left).toBe(0);
      }),
    );
  });
});
