import { describe, expect, it } from "vitest";
import type { Clock } from "../../shared/ports/clock.ts";

/** What every clock does. */
export const describeClock = (name: string, createClock: () => Clock): void => {
  describe(name, () => {
    it("shows whole epoch milliseconds and never runs back", () => {
      const clock = createClock();
      let last = clock.monotonicMs();
      for (let reading = 0; reading < 1_000; reading++) {
        expect(Number.isInteger(clock.nowMs())).toBe(true);
        const next = clock.monotonicMs();
        expect(next).toBeGreaterThanOrEqual(last);
        last = next;
      }
    });
  });
};
