import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { isWorkingHour, nextStepMs } from "../../../simulation/world/hours.ts";

const MINUTE_MS = 60_000;
/** Tuesday, 10 March 2026, 09:30 in New York. */
const OPEN_MS = Date.UTC(2026, 2, 10, 13, 30);

describe("what is done again and again", () => {
  it("is done at the beginning of every session, however the night is stepped through", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 * 60 }),
        fc.constantFrom(1, 5, 10, 15),
        (minutesBefore, everyMinutes) => {
          let nowMs = OPEN_MS - minutesBefore * MINUTE_MS;
          while (nowMs < OPEN_MS) nowMs = nextStepMs(nowMs, everyMinutes * MINUTE_MS);
          expect(nowMs - OPEN_MS).toBeLessThan(everyMinutes * MINUTE_MS);
        },
      ),
    );
  });

  it("is done at its own pace in a session, and by the hour at night", () => {
    const inside = OPEN_MS + 90 * MINUTE_MS;
    expect(nextStepMs(inside, MINUTE_MS)).toBe(inside + MINUTE_MS);
    const night = OPEN_MS + 12 * 60 * MINUTE_MS;
    expect(isWorkingHour(night)).toBe(false);
    expect(marketPhase(night).phase).not.toBe("open");
    expect(nextStepMs(night, MINUTE_MS)).toBe(OPEN_MS + 12.5 * 60 * MINUTE_MS);
  });
});
