import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { ValidQuoteCodec } from "../shared/adapters/stored/codecs/valid-quote.ts";
import { readValidQuote } from "../shared/runtime/messages/read-valid-quote.ts";

/** Says whether a quote is one, by all of its rules. */
export type Verdict = (quote: unknown) => boolean;

/** The reader of whole quotes; that of messages, which every cycle passes, is the larger part of it. */
export const ours: Verdict = (quote) => typeof readValidQuote(quote) === "object";

/** The same rules in zod, as the stored form has them. */
export const zod: Verdict = (quote) => ValidQuoteCodec.safeParse(quote).success;

const price = Type.Number({
  multipleOf: 1,
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
});
const count = Type.Number({ minimum: 0 });
const epochMs = Type.Number({ minimum: 0, maximum: 8.64e15 });
const vendor = Type.Union([
  Type.Literal("alpaca"),
  Type.Literal("polygon"),
  Type.Literal("yahoo"),
  Type.Literal("tiingo"),
  Type.Literal("recorded"),
]);

const compiled = Compile(
  Type.Object({
    symbol: Type.String({
      pattern: "^(?:[A-Z]{1,6}(?:[.-][A-Z]{1,3}){0,2}|(?=[A-Z]*[0-9])[A-Z0-9]{9})$",
    }),
    source: vendor,
    bid: price,
    ask: price,
    mid: price,
    last: Type.Optional(price),
    bidSize: count,
    askSize: count,
    exchangeTimeMs: epochMs,
    receivedAtMs: epochMs,
    volume: Type.Optional(count),
    previousClose: Type.Optional(price),
    confirmedBy: Type.Optional(
      Type.Union([Type.Literal("single"), Type.Array(vendor, { maxItems: 4 })]),
    ),
  }),
);

/** The same rules compiled by typebox; a schema cannot compare fields, so that is done after it. */
export const typebox: Verdict = (quote) =>
  compiled.Check(quote) && quote.bid > 0 && quote.bid <= quote.mid && quote.mid <= quote.ask;

/** Quotes as a message holds them: every field is there. */
export const goodQuotes = (count: number): readonly Readonly<Record<string, unknown>>[] =>
  Array.from({ length: count }, (_none, index) => {
    const bid = 1_000_000 + index * 100;
    return {
      symbol: `${letter(index)}${letter(Math.floor(index / 26))}${letter(index * 7)}`,
      source: index % 3 === 0 ? "polygon" : "alpaca",
      bid,
      ask: bid + 200,
      mid: bid + 100,
      last: bid + 100,
      bidSize: 300,
      askSize: 400 + index,
      exchangeTimeMs: 1_381_152_600_000 + index,
      receivedAtMs: 1_381_152_600_110 + index,
      volume: 1_200_000 + index,
      previousClose: bid - 5_000,
      confirmedBy: ["tiingo"],
    };
  });

const letter = (index: number): string => String.fromCharCode(65 + (index % 26));

/** What stands in a field after something went wrong on the way. */
const JUNK: readonly unknown[] = [
  null,
  true,
  "",
  "spy",
  "1000000",
  "NaN",
  "TOOLONG",
  -1,
  0,
  0.5,
  1e300,
  2 ** 53,
  8.64e15,
  8.64e15 + 2,
  [],
  {},
  ["nobody"],
  ["alpaca", "alpaca", "alpaca", "alpaca", "alpaca"],
];

/** The good quotes with one or two fields changed or lost, the same ones each time. */
export const mutatedQuotes = (count: number): readonly unknown[] => {
  const random = createSeededRandom(7);
  const pick = <Each>(list: readonly Each[]): Each | undefined =>
    list[Math.floor(random.next() * list.length)];
  return goodQuotes(count).map((quote): unknown => {
    const changed: Record<string, unknown> = { ...quote };
    for (let change = 0; change < 1 + Math.floor(random.next() * 2); change++) {
      const field = pick(Object.keys(quote)) ?? "bid";
      if (random.next() < 0.2) delete changed[field];
      else changed[field] = pick([...JUNK, ...Object.values(quote)]);
    }
    return changed;
  });
};
