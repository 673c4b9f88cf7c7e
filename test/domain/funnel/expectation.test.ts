import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Activity,
  activityKey,
  activityOf,
  HALF_HOURS,
  type HalfHour,
  halfHourOf,
} from "../../../shared/domain/funnel/activity.ts";
import { expectActivity } from "../../../shared/domain/funnel/expectation.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";

const session = sessionOf(parseSessionDate("2013-10-07")!)!;
const HALF_HOUR_MS = 30 * 60_000;
const closeMs = session.closesAtMs;

/** A session of ten symbols with so many entries and moves of so many basis points a half-hour. */
const dayOf = (entries: number, moveBp = 5): Activity =>
  new Map(
    Array.from({ length: HALF_HOURS }, (_none, number): [number, HalfHour] => [
      number,
      { entries, symbolMinutes: 300, moveBp: moveBp * 240, moves: 240 },
    ]),
  );

const upTo = (activity: Activity, halfHours: number): Activity =>
  new Map([...activity].filter(([number]) => number < halfHours));

const at = (today: Activity, history: readonly Activity[], nowMs = closeMs) =>
  expectActivity({ history, today, session, symbolCount: 10, nowMs });

const tenDays = (entries: number): readonly Activity[] =>
  Array.from({ length: 10 }, (_none, index) => dayOf(entries + (index % 3) - 1));

describe("what is expected of a session", () => {
  it("never shrinks while time goes on, and more entries are never less likely to suffice", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(8), { maxLength: 9 }),
        fc.nat(8),
        fc.nat(390),
        fc.nat(390),
        (days, entries, first, second) => {
          const history = days.map((each) => dayOf(each));
          const [early, late] = [Math.min(first, second), Math.max(first, second)].map((minute) =>
            at(dayOf(entries), history, session.opensAtMs + minute * 60_000),
          );
          expect(late!.expected).toBeGreaterThanOrEqual(early!.expected);
          const more = at(dayOf(entries + 1), history);
          expect(more.chance).toBeGreaterThanOrEqual(at(dayOf(entries), history).chance);
          for (const { chance } of [early!, late!, more]) {
            expect(chance).toBeGreaterThanOrEqual(0);
            expect(chance).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is not known before the open", () => {
    expect(at(new Map(), [], session.opensAtMs - 1).verdict).toBe("unknown");
  });

  it("calls silence abnormal after days with trades, and normal on a usual day", () => {
    expect(at(dayOf(0), tenDays(3))).toMatchObject({ verdict: "abnormal", sessions: 10 });
    expect(at(dayOf(3), tenDays(3)).verdict).toBe("normal");
  });

  it("calls no silence abnormal without history, nor after days that were silent too", () => {
    expect(at(dayOf(0), []).verdict).toBe("normal");
    expect(
      at(
        dayOf(0),
        Array.from({ length: 9 }, () => dayOf(0)),
      ).verdict,
    ).toBe("normal");
  });

  it("waits for enough of the day: an early silence says little", () => {
    const early = session.opensAtMs + HALF_HOUR_MS / 6;
    expect(at(upTo(dayOf(0), 1), tenDays(1), early).verdict).toBe("normal");
  });

  it("expects more of volatile hours, and less of calm ones", () => {
    const calm = at(dayOf(0, 2), tenDays(3)).expected;
    const usual = at(dayOf(0, 5), tenDays(3)).expected;
    const wild = at(dayOf(0, 15), tenDays(3));
    expect(calm).toBeLessThan(usual);
    expect(wild.expected).toBeCloseTo(2 * usual, 6);
    expect(wild.volatility).toBeCloseTo(3, 6);
  });

  it("calls less abnormal where days differ much from each other", () => {
    const uneven = Array.from({ length: 10 }, (_none, index) => dayOf(index % 2 === 0 ? 0 : 6));
    expect(at(dayOf(0), uneven).chance).toBeGreaterThan(at(dayOf(0), tenDays(3)).chance);
    expect(at(dayOf(0), uneven).verdict).not.toBe("abnormal");
  });
});

describe("a session's activity", () => {
  it("comes back from its counters", () => {
    const activity = {
      [activityKey(0, "symbolMinutes")]: 300,
      [activityKey(0, "entries")]: 2,
      [activityKey(12, "symbolMinutes")]: 290,
      [activityKey(12, "moves")]: 8,
      [activityKey(12, "moveBp")]: 31,
    };
    expect([...activityOf({ passed: {}, stopped: {}, activity })]).toEqual([
      [0, { symbolMinutes: 300, entries: 2, moveBp: 0, moves: 0 }],
      [12, { symbolMinutes: 290, entries: 0, moveBp: 31, moves: 8 }],
    ]);
    expect(activityOf({ passed: {}, stopped: {} }).size).toBe(0);
  });

  it("has thirteen half-hours, whatever the moment", () => {
    expect(halfHourOf(session, session.opensAtMs)).toBe(0);
    expect(halfHourOf(session, session.opensAtMs + HALF_HOUR_MS)).toBe(1);
    expect(halfHourOf(session, closeMs + 1)).toBe(12);
    expect(halfHourOf(session, session.opensAtMs - 1)).toBe(0);
  });
});
