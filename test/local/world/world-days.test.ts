import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calendarSessionAfter,
  firstMoment,
  firstSession,
  hoursToSkip,
} from "../../../local/world/world-days.ts";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";

const MINUTE_MS = 60_000;
const anyMoment = fc.integer({ min: Date.UTC(2013, 0, 1), max: Date.UTC(2035, 0, 1) });

describe("the days of the local world", () => {
  it("begin a few seconds before a minute of an open market, whatever the date", () => {
    fc.assert(
      fc.property(anyMoment, (hostMs) => {
        const startsAtMs = firstMoment(firstSession(hostMs));
        expect(marketPhase(startsAtMs).phase).toBe("open");
        expect(MINUTE_MS - (startsAtMs % MINUTE_MS)).toBeLessThanOrEqual(10_000);
      }),
    );
  });

  it("are never skipped while the market is open, and skips go forward to shortly before an open", () => {
    fc.assert(
      fc.property(anyMoment, (nowMs) => {
        const skipped = hoursToSkip(nowMs, calendarSessionAfter);
        if (marketPhase(nowMs).phase === "open") expect(skipped.type).toBe("none");
        if (skipped.type !== "until") return;
        expect(skipped.resumeAtMs).toBeGreaterThan(nowMs);
        expect(skipped.session.opensAtMs - skipped.resumeAtMs).toBe(MINUTE_MS);
        expect(hoursToSkip(skipped.resumeAtMs, calendarSessionAfter).type).toBe("none");
      }),
    );
  });

  it("leave the close a few minutes to settle before the night is skipped", () => {
    const session = firstSession(Date.UTC(2026, 10, 23, 15));
    const after = (minutes: number) =>
      hoursToSkip(session.closesAtMs + minutes * MINUTE_MS, calendarSessionAfter);
    expect(after(2).type).toBe("none");
    expect(after(3)).toMatchObject({ type: "until", session: { date: "2026-11-24" } });
  });

  it("are over after the last recorded one", () => {
    const session = firstSession(Date.UTC(2026, 10, 23, 15));
    const nowMs = session.closesAtMs + 10 * MINUTE_MS;
    expect(hoursToSkip(nowMs, () => undefined)).toEqual({ type: "over" });
  });
});
