import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { priceFromUnits, type Price } from "../../../shared/domain/market/price.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import {
  DEFAULT_EXIT_POLICY,
  exitReasons,
  type ExitInput,
  type ExitReason,
} from "../../../shared/domain/signals/exit-rule.ts";
import { directions } from "./arbitraries.ts";

const session = sessionOf(parseSessionDate("2013-10-07")!)!;
const MINUTE_MS = 60_000;
const priceOf = (usd: number): Price => priceFromUnits(Math.round(usd * 10_000))!;

const quoteOf = (bid: number, ask = bid): ExitInput["quote"] => ({
  bid: priceOf(bid),
  ask: priceOf(ask),
});

type Change = Partial<Omit<ExitInput, "position">> & Partial<ExitInput["position"]>;

const inputOf = ({ quantity, averagePrice, openedAtMs, ...change }: Change = {}): ExitInput => ({
  position: {
    quantity: quantity ?? shares(2),
    averagePrice: averagePrice ?? priceOf(100),
    openedAtMs: openedAtMs ?? session.opensAtMs + 30 * MINUTE_MS,
  },
  quote: quoteOf(100),
  signal: undefined,
  session,
  nowMs: session.opensAtMs + 60 * MINUTE_MS,
  ...change,
});

const reasonsOf = (change: Change): readonly ExitReason[] =>
  exitReasons(inputOf(change), DEFAULT_EXIT_POLICY);

describe("an exit", () => {
  it("of a long position at a price is that of a short one at the mirrored price", () => {
    const mirrored = { bullish: "bearish", bearish: "bullish", neutral: "neutral" } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 900_000, max: 1_100_000 }),
        directions,
        fc.double({ min: 0, max: 8, noNaN: true }),
        fc.nat({ max: 7 * 60 }),
        (units, direction, score, minutes) => {
          const nowMs = session.opensAtMs + minutes * MINUTE_MS;
          const long = reasonsOf({
            quote: { bid: priceFromUnits(units)!, ask: priceFromUnits(units + 100)! },
            signal: { direction, score },
            nowMs,
          });
          const mirror = 2 * priceOf(100) - units;
          const short = reasonsOf({
            quantity: shares(-2),
            quote: { bid: priceFromUnits(mirror - 100)!, ask: priceFromUnits(mirror)! },
            signal: { direction: mirrored[direction], score },
            nowMs,
          });
          expect(short).toEqual(long);
        },
      ),
    );
  });

  it("has a reason exactly when one of its rules says so", () => {
    fc.assert(
      fc.property(fc.integer({ min: 900_000, max: 1_100_000 }), (bid) => {
        const reasons = reasonsOf({ quote: quoteOf(bid / 10_000) });
        expect(reasons.includes("stop")).toBe(bid <= 980_000);
        expect(reasons.includes("target")).toBe(bid >= 1_040_000);
      }),
    );
  });

  it("never has a reason without a position", () => {
    expect(reasonsOf({ quantity: shares(0), quote: quoteOf(1) })).toEqual([]);
  });

  it.each<[string, Change, readonly ExitReason[]]>([
    ["at the entry's price", {}, []],
    ["at a loss of 2 %", { quote: quoteOf(98) }, ["stop"]],
    ["at a gain of 4 %", { quote: quoteOf(104) }, ["target"]],
    ["by the bid alone for a long one", { quote: quoteOf(98, 110) }, ["stop"]],
    [
      "by the ask alone for a short one",
      { quantity: shares(-2), quote: quoteOf(90, 102) },
      ["stop"],
    ],
    ["not by a bid of zero, which is none", { quote: quoteOf(0, 100) }, []],
    ["not by price while none is known", { quote: undefined }, []],
    ["after four hours", { nowMs: session.opensAtMs + 270 * MINUTE_MS }, ["time"]],
    ["when the signal turns", { signal: { direction: "bearish", score: 2.7 } }, ["signalReversal"]],
    ["not when it turns weakly", { signal: { direction: "bearish", score: 2.6 } }, []],
    ["not by a score that is no number", { signal: { direction: "bearish", score: NaN } }, []],
    ["not when it stays", { signal: { direction: "bullish", score: 6 } }, []],
    [
      "ten minutes before the close",
      {
        nowMs: session.closesAtMs - 10 * MINUTE_MS,
        openedAtMs: session.closesAtMs - 60 * MINUTE_MS,
      },
      ["endOfDay"],
    ],
    [
      "not after the close, when an order would wait for the next session",
      { nowMs: session.closesAtMs, openedAtMs: session.closesAtMs - 60 * MINUTE_MS },
      [],
    ],
    [
      "in the next session, after a day whose exit failed",
      { nowMs: session.opensAtMs, openedAtMs: session.opensAtMs - 60 * MINUTE_MS },
      ["endOfDay"],
    ],
    [
      "for every reason at once",
      {
        quote: quoteOf(90),
        signal: { direction: "bearish", score: 5 },
        nowMs: session.closesAtMs - MINUTE_MS,
      },
      ["stop", "time", "signalReversal", "endOfDay"],
    ],
  ])("%s", (_name, change, reasons) => {
    expect(reasonsOf(change)).toEqual(reasons);
  });

  it("comes ten minutes before an early close too", () => {
    const halfDay = sessionOf(parseSessionDate("2013-11-29")!)!;
    const openedAtMs = halfDay.opensAtMs + MINUTE_MS;
    const input = { session: halfDay, openedAtMs };
    expect(reasonsOf({ ...input, nowMs: halfDay.closesAtMs - 11 * MINUTE_MS })).toEqual([]);
    expect(reasonsOf({ ...input, nowMs: halfDay.closesAtMs - 10 * MINUTE_MS })).toEqual([
      "endOfDay",
    ]);
  });

  it("may be left to the next day by policy", () => {
    const policy = { ...DEFAULT_EXIT_POLICY, beforeCloseMs: undefined };
    const input = inputOf({
      nowMs: session.closesAtMs - MINUTE_MS,
      openedAtMs: session.closesAtMs - 60 * MINUTE_MS,
    });
    expect(exitReasons(input, policy)).toEqual([]);
  });
});
