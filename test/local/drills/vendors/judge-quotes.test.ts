import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countInTheDark,
  isWrong,
  judgeEntry,
  type JudgedOrder,
  longestGap,
  type Truth,
} from "../../../../local/drills/vendors/judge-quotes.ts";
import type { SeenQuote } from "../../../../local/drills/vendors/watch-vendors.ts";
import type { Price } from "../../../../shared/domain/market/price.ts";
import { parseTicker } from "../../../../shared/domain/market/ticker.ts";
import { IBM, intentOf, NOW_MS, price, quoteOf } from "../../../fixtures/orders.ts";

const SPY = parseTicker("SPY")!;
const AGE_MAX_MS = 10_000;
const SLOT_MS = intentOf().decidedAtMs;

/** A market that stands at 99.99 to 100.01 for ever. */
const truth: Truth = { quoteOf: () => quoteOf() };

const word = (origin: string, mid = "100.00") => ({ origin, mid: price(mid), atMs: NOW_MS });

const seen = (change: Partial<SeenQuote> = {}): SeenQuote => ({
  atMs: NOW_MS,
  slotMs: SLOT_MS,
  quote: { ...quoteOf(), confirmedBy: ["polygon"] },
  words: [word("iex"), word("polygon")],
  ...change,
});

/** What judging looks at of an order of ours. */
const entry = (limit = "100.10"): JudgedOrder => ({
  symbol: IBM,
  clientOrderId: intentOf().clientOrderId,
  createdAtMs: NOW_MS + 500,
  limitPrice: price(limit),
});

describe("a published quote is wrong", () => {
  it("when it is not the market's of its own time, and only then", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (factor) => {
        const mid = Math.round(price("100.00") * factor) as Price;
        const quote = { ...quoteOf(), mid };
        const isFar = Math.abs(factor - 1) > 0.004;
        const isNear = Math.abs(factor - 1) < 0.002;
        const verdict = isWrong(truth, { atMs: NOW_MS, quote }, AGE_MAX_MS);
        if (isFar) expect(verdict).toBe(true);
        if (isNear) expect(verdict).toBe(false);
      }),
    );
  });

  it("when it is older than it may be, and when the market had no price at all", () => {
    const old = { atMs: NOW_MS + AGE_MAX_MS + 60_000, quote: quoteOf() };
    expect(isWrong(truth, old, AGE_MAX_MS)).toBe(true);
    const nothing: Truth = { quoteOf: () => undefined };
    expect(isWrong(nothing, { atMs: NOW_MS, quote: quoteOf() }, AGE_MAX_MS)).toBe(true);
  });
});

describe("an entry", () => {
  it("rests on two words when two sources said the same true price in its poll", () => {
    expect(judgeEntry(truth, entry(), [seen()])).toEqual({
      isOnOneWord: false,
      isAtWrongPrice: false,
    });
  });

  it.each<[string, readonly SeenQuote[]]>([
    ["its second word is of the same source", [seen({ words: [word("iex"), word("iex")] })]],
    [
      "its second word is another price",
      [seen({ words: [word("iex"), word("polygon", "108.00")] })],
    ],
    ["the words were of another minute", [seen({ slotMs: SLOT_MS - 60_000 })]],
    ["the words were of another symbol", [seen({ quote: { ...quoteOf(), symbol: SPY } })]],
    ["nobody said anything", []],
  ])("rests on one word when %s", (_why, quotes) => {
    expect(judgeEntry(truth, entry(), quotes).isOnOneWord).toBe(true);
  });

  it("is at a wrong price when its limit is far from the market, or there was no market", () => {
    expect(judgeEntry(truth, entry("103.00"), [seen()]).isAtWrongPrice).toBe(true);
    const nothing: Truth = { quoteOf: () => undefined };
    expect(judgeEntry(nothing, entry(), [seen()]).isAtWrongPrice).toBe(true);
  });

  it("is in the dark when nobody answered the poll before it", () => {
    const polls = [
      { atMs: 100, hasAnswer: true },
      { atMs: 200, hasAnswer: false },
      { atMs: 300, hasAnswer: true },
    ];
    const counts = [50, 150, 250, 300, 350].map((createdAtMs) =>
      countInTheDark([{ createdAtMs }], polls),
    );
    expect(counts).toEqual([0, 0, 1, 1, 0]);
  });
});

const at = (atMs: number, change: Partial<SeenQuote> = {}): SeenQuote => seen({ atMs, ...change });

describe("the longest gap", () => {
  it("is that of the symbol that waited longest, from the last quote before to the end", () => {
    const spy = { quote: { ...quoteOf(), symbol: SPY, confirmedBy: ["polygon"] as const } };
    const quotes = [at(0), at(50, spy), at(100), at(200), at(160, spy)];
    expect(longestGap([IBM, SPY], quotes, 60, 200)).toBe(110);
  });

  it("counts no quote that an entry may not rest on", () => {
    const single = { quote: { ...quoteOf(), confirmedBy: [] as const } };
    expect(longestGap([IBM], [at(0), at(100, single)], 0, 300)).toBe(300);
  });
});
