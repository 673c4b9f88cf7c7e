import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QuotedPrice } from "../../shared/domain/market/quote.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import { createScoreMemory, newestOf, startTurn } from "../../shared/use-cases/score-memory.ts";
import { quoteOf } from "../fixtures/orders.ts";
import { SESSION, settingsWith, TEN_MS, ticker } from "./cycle-world.ts";

const SYMBOLS = ["SPY", "IBM", "KO", "GE", "F"].map(ticker);

const quoteAt = (symbol: Ticker, second: number): QuotedPrice => ({
  ...quoteOf(),
  symbol,
  exchangeTimeMs: TEN_MS + second * 1_000,
});

/** The last of the newest quotes of each symbol, in the order in which the symbols came. */
const newestByName = (quotes: readonly QuotedPrice[]): readonly QuotedPrice[] => {
  const newest = new Map<Ticker, QuotedPrice>();
  for (const quote of quotes) {
    const before = newest.get(quote.symbol);
    if (before === undefined || before.exchangeTimeMs <= quote.exchangeTimeMs) {
      newest.set(quote.symbol, quote);
    }
  }
  return [...newest.values()];
};

describe("the memory of an environment that scores", () => {
  const quotes = fc
    .array(fc.record({ symbol: fc.constantFrom(...SYMBOLS), second: fc.nat({ max: 5 }) }))
    .map((each) => each.map(({ symbol, second }) => quoteAt(symbol, second)));
  const inOrder = fc
    .subarray(SYMBOLS, { minLength: 3 })
    .map((symbols) => symbols.map((symbol) => quoteAt(symbol, 0)));
  const message = fc.record({ shard: fc.nat({ max: 1 }), quotes: fc.oneof(quotes, inOrder) });

  it("finds the newest quote of each symbol, whatever messages came before", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const memory = createScoreMemory(settingsWith());
        const head = { cycleId: "c", slotMs: TEN_MS, sessionDate: SESSION.date };
        for (const { shard, quotes: each } of messages) {
          const turn = startTurn(memory);
          const found = newestOf({ ...head, shard, quotes: each }, memory, turn);
          expect(found.quotes).toEqual(newestByName(each));
          const symbols = found.quotes.map(({ symbol }) => symbol);
          expect(found.quoted.symbols).toEqual(symbols);
          expect(found.quoted.known.map(({ symbol }) => symbol)).toEqual(symbols);
          // Who is not marked is held without a quote.
          for (const known of memory.symbols.inOrder) {
            expect(known.turn === turn).toBe(symbols.includes(known.symbol));
          }
        }
      }),
    );
  });
});
