import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterVolumes,
  NO_PACE,
  type VolumePace,
} from "../../../shared/domain/market/volume-pace.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import type { Snapshot } from "../../../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { must } from "../../fixtures/orders.ts";

const MINUTE_MS = 60_000;
const SYMBOLS = ["AA", "BB", "CC", "DD"].map((name) => must(parseTicker(name)));
const price = must(parsePrice("10.00"));

const snapshotOf = (symbol: Ticker, minute: number, volume: number): Snapshot => ({
  symbol,
  source: "alpaca",
  quote: undefined,
  trade: undefined,
  minuteBar: {
    symbol,
    open: price,
    high: price,
    low: price,
    close: price,
    volume,
    startsAtMs: minute * MINUTE_MS,
  },
  dailyBar: undefined,
  previousDailyBar: undefined,
  receivedAtMs: minute * MINUTE_MS,
});

/** The pace after so many minutes of this volume in each symbol. */
const paceOf = (minutes: number, volume: number): VolumePace => {
  let pace = NO_PACE;
  for (let minute = 0; minute < minutes; minute++) {
    pace = afterVolumes(
      pace,
      SYMBOLS.map((symbol) => snapshotOf(symbol, minute, volume)),
    ).pace;
  }
  return pace;
};

const at = (minute: number): readonly Snapshot[] =>
  SYMBOLS.map((symbol) => snapshotOf(symbol, minute, 500));

describe("the pace of volume", () => {
  it("is the factor by which all symbols trade more than usual", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 100_000 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 10, max: 60 }),
        (volume, factor, minutes) => {
          const spike = SYMBOLS.map((symbol) => snapshotOf(symbol, minutes, volume * factor));
          expect(afterVolumes(paceOf(minutes, volume), spike).ratio).toBeCloseTo(factor, 6);
        },
      ),
    );
  });

  it("is not known before ten bars, nor from a bar that was seen, nor where nothing trades", () => {
    expect(afterVolumes(paceOf(9, 100), at(9)).ratio).toBeUndefined();
    expect(afterVolumes(paceOf(10, 100), at(9)).ratio).toBeUndefined();
    expect(afterVolumes(paceOf(10, 0), at(10)).ratio).toBeUndefined();
    expect(afterVolumes(paceOf(10, 100), at(10)).ratio).toBe(5);
  });

  it("is not moved by one busy symbol, nor told by less than half of them", () => {
    const pace = paceOf(20, 100);
    const oneBusy = SYMBOLS.map((symbol, index) =>
      snapshotOf(symbol, 20, index === 0 ? 100_000 : 100),
    );
    expect(afterVolumes(pace, oneBusy).ratio).toBe(1);
    const mostlyOld = SYMBOLS.map((symbol, index) =>
      snapshotOf(symbol, index === 0 ? 20 : 19, 900),
    );
    expect(afterVolumes(pace, mostlyOld).ratio).toBeUndefined();
  });

  it("does not latch on a bar that says that it is of later", () => {
    const pace = paceOf(20, 100);
    const wrong = at(20).map((snapshot) => {
      const { minuteBar } = snapshot;
      return { ...snapshot, minuteBar: { ...minuteBar!, startsAtMs: 500 * MINUTE_MS } };
    });
    const step = afterVolumes(pace, wrong);
    expect(step.ratio).toBeUndefined();
    expect(afterVolumes(step.pace, at(21)).ratio).toBe(5);
  });

  it("gets used to more volume, so that a busy day ends being a spike", () => {
    let pace = paceOf(30, 100);
    let ratio: number | undefined;
    for (let minute = 30; minute < 120; minute++) {
      ({ pace, ratio } = afterVolumes(
        pace,
        SYMBOLS.map((symbol) => snapshotOf(symbol, minute, 500)),
      ));
    }
    expect(ratio).toBeLessThan(1.2);
  });
});
