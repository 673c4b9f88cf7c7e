import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHAOS_KINDS } from "../../../../local/replay/chaos/fault-kinds.ts";
import { parseFaults } from "../../../../local/replay/chaos/parse-faults.ts";
import { placeFaults } from "../../../../local/replay/chaos/place-faults.ts";
import type { SessionDate } from "../../../../shared/domain/market/session-date.ts";

const DAYS = ["2023-11-24", "2023-11-27"] as SessionDate[];
const two = (value: number): string => value.toString().padStart(2, "0");

const written = fc.record({
  kind: fc.constantFrom(...CHAOS_KINDS.map(({ kind }) => kind)),
  day: fc.constantFrom(undefined, ...DAYS),
  hours: fc.integer({ min: 0, max: 23 }),
  minutes: fc.integer({ min: 0, max: 59 }),
  seconds: fc.option(fc.integer({ min: 0, max: 59 }), { nil: undefined }),
  count: fc.integer({ min: 1, max: 999_999 }),
  unit: fc.constantFrom("s", "m", "h"),
});

describe("the faults of a chaos backtest", () => {
  it("reads every fault that the grammar allows, and keeps its text", () => {
    fc.assert(
      fc.property(written, ({ kind, day, hours, minutes, seconds, count, unit }) => {
        const date = day === undefined ? "" : `${day}T`;
        const rest = seconds === undefined ? "" : `:${two(seconds)}`;
        const text = `${kind}@${date}${two(hours)}:${two(minutes)}${rest}+${count}${unit}`;
        const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 }[unit] ?? 0;
        expect(parseFaults(text)).toEqual({
          ok: true,
          value: [
            {
              text,
              kind,
              day,
              msOfDay: ((hours * 60 + minutes) * 60 + (seconds ?? 0)) * 1_000,
              durationMs: count * unitMs,
            },
          ],
        });
      }),
    );
  });

  it("answers any text with faults or one sentence, and never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseFaults(text);
        expect(parsed.ok || /^[^\n]+\.$/.test(parsed.error)).toBe(true);
      }),
    );
  });

  it.each([
    ["vendor-otage@10:00+15m", "did you mean vendor-outage?"],
    ["earthquake@10:00+15m", "there are vendor-outage, "],
    ["vendor-outage", "is not NAME@"],
    ["vendor-outage@10:00", "needs a duration"],
    ["vendor-outage@10:00+0m", "not a duration"],
    ["vendor-outage@10:00+15", "not a duration"],
    ["vendor-outage@24:00+15m", "not a time"],
    ["vendor-outage@10+15m", "not a time"],
    ["vendor-outage@2023-02-30T10:00+15m", "not a date"],
    ["broker-5xx@10:00+1m,broker-5xx@10:00+1m", "twice"],
    [Array.from({ length: 21 }, (_, m) => `broker-5xx@10:${two(m)}+1m`).join(), "At most 20"],
  ])("refuses %s and says why", (text, words) => {
    const parsed = parseFaults(text);
    expect(parsed.ok ? "" : parsed.error).toContain(words);
  });
});

const place = (text: string) => {
  const parsed = parseFaults(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return placeFaults(parsed.value, DAYS);
};

describe("placing faults on recorded days", () => {
  it("strikes on every day on which the market is open then, the half day left out", () => {
    const placed = place("vendor-outage@14:00+15m,broker-429@10:00+1m");
    if (!placed.ok) throw new Error(placed.error);
    const [afternoon, morning] = placed.value;
    expect(afternoon?.windows).toEqual([
      { fromMs: Date.UTC(2023, 10, 27, 19), untilMs: Date.UTC(2023, 10, 27, 19, 15) },
    ]);
    expect(morning?.windows).toHaveLength(2);
  });

  it("loses a Region until its day is over where no duration is given", () => {
    const placed = place("region-loss@2023-11-24T12:00");
    if (!placed.ok) throw new Error(placed.error);
    expect(placed.value[0]?.windows).toEqual([
      { fromMs: Date.UTC(2023, 10, 24, 17), untilMs: Date.UTC(2023, 10, 25, 5) },
    ]);
  });

  it.each([
    ["vendor-outage@2023-11-28T10:00+15m", "is not recorded"],
    ["vendor-outage@20:00+15m", "closed"],
    ["vendor-outage@09:00+30m", "closed"],
  ])("refuses %s, which can strike nothing", (text, words) => {
    const placed = place(text);
    expect(placed.ok ? "" : placed.error).toContain(words);
  });
});
