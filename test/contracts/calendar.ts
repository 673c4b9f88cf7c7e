import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { marketPhase } from "../../shared/domain/market/calendar.ts";
import type { MarketCalendar } from "../../shared/ports/calendar.ts";

/** A calendar whose own idea of the time, if it has one, is set by the test. */
export type CalendarWorld = {
  readonly calendar: MarketCalendar;
  readonly setNowMs: (nowMs: number) => void;
  readonly close: () => Promise<void>;
};

/** What every adapter of the market's calendar does. */
export const describeCalendar = (
  name: string,
  startWorld: (startsAtMs: number) => Promise<CalendarWorld>,
): void => {
  const startsAtMs = Date.UTC(2013, 9, 7, 12);
  let world: CalendarWorld;
  beforeEach(async () => {
    world = await startWorld(startsAtMs);
  });
  afterEach(() => world.close());
  const momentOf = (nowMs: number) => {
    world.setNowMs(nowMs);
    return world.calendar.momentOf(nowMs);
  };

  describe(`${name}: the market`, () => {
    it("is what the exchange's rules say while the broker agrees, at any time", async () => {
      let nowMs = startsAtMs;
      const steps = fc.array(fc.integer({ min: 1, max: 5 * 60 * 60_000 }), { minLength: 5 });
      await fc.assert(
        fc.asyncProperty(steps, async (stepsMs) => {
          for (const stepMs of stepsMs) {
            nowMs += stepMs;
            expect(await momentOf(nowMs)).toEqual({ ok: true, value: marketPhase(nowMs) });
          }
        }),
        { numRuns: 10 },
      );
    });

    it.each([
      ["2013-10-07T13:29:59Z", "preMarket"],
      ["2013-10-07T13:30:00Z", "open"],
      ["2013-10-07T19:59:59Z", "open"],
      ["2013-10-07T20:00:00Z", "afterHours"],
      ["2013-11-04T14:29:59Z", "preMarket"],
      ["2013-11-04T14:30:00Z", "open"],
      ["2013-11-28T15:00:00Z", "closed"],
      ["2013-11-29T17:59:59Z", "open"],
      ["2013-11-29T18:00:00Z", "afterHours"],
      ["2013-11-30T15:00:00Z", "closed"],
    ])("at %s is %s", async (time, phase) => {
      expect(await momentOf(Date.parse(time))).toMatchObject({ ok: true, value: { phase } });
    });
  });
};
