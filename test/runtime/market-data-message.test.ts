import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValidQuoteCodec } from "../../shared/adapters/stored/codecs/valid-quote.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { midOf } from "../../shared/domain/market/price.ts";
import type { QuotedPrice } from "../../shared/domain/market/quote.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { readDeadLetter } from "../../shared/runtime/messages/dead-letter.ts";
import { readMarketDataMessage } from "../../shared/runtime/messages/market-data-message.ts";
import { readValidQuote } from "../../shared/runtime/messages/read-valid-quote.ts";
import {
  type MarketDataMessage,
  QUOTE_COLUMNS,
  writeMarketDataMessage,
} from "../../shared/use-cases/market-data-message.ts";
import { anyFieldValue, STORED_QUOTE } from "../fixtures/stored-quote.ts";

/** The fields of the form before. */
const before = [
  ...QUOTE_COLUMNS,
  "last",
  "bidSize",
  "askSize",
  "receivedAtMs",
  "volume",
  "previousClose",
] as const;
const tampered = fc.dictionary(fc.constantFrom<string>(...before, "symbol"), anyFieldValue, {
  maxKeys: 3,
});
type Fields = Readonly<Record<string, unknown>>;

/** What a message carries of a quote. */
const priceOf = ({
  symbol,
  source,
  bid,
  ask,
  mid,
  exchangeTimeMs,
  confirmedBy,
}: QuotedPrice): Fields => ({ symbol, source, bid, ask, mid, exchangeTimeMs, confirmedBy });

/** Field by field; what all have in common is said once where `isShort`. */
const columnsOf = (list: readonly Fields[], isShort: boolean, names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => {
      const column = list.map((quote) => quote[name]);
      const isShared = isShort && name !== "symbol" && new Set(column).size === 1;
      return [name, isShared ? { all: column[0] ?? null } : column];
    }),
  );
const readAgain = (value: unknown) => readMarketDataMessage(JSON.parse(JSON.stringify(value)));

describe("a market-data message", () => {
  const quote = readValidQuote(STORED_QUOTE);
  if (typeof quote === "string") throw new Error("The STORED_QUOTE quote is not read.");
  const message: MarketDataMessage = {
    cycleId: "cycle-2013-10-07T13:35Z",
    slotMs: 1_381_152_900_000,
    sessionDate: parseSessionDate("2013-10-07")!,
    shard: 0,
    quotes: [quote, { ...quote, last: undefined, volume: undefined, previousClose: undefined }],
  };
  const head = { ...message, form: 5 };
  const pair = [STORED_QUOTE, STORED_QUOTE];
  const wire = { ...head, symbols: "SPY SPY", quotes: columnsOf(pair, false, QUOTE_COLUMNS) };
  const wireBefore = {
    ...head,
    form: 4,
    symbols: "SPY SPY",
    quotes: columnsOf(pair, false, before),
  };

  it("brings what decisions rest on through JSON, and nothing else", () => {
    const read = readMarketDataMessage(JSON.parse(writeMarketDataMessage(message)));
    const quotes = message.quotes.map(priceOf);
    expect(read).toStrictEqual({ ok: true, value: { ...message, quotes } });
  });

  it("is written field by field, what all quotes have in common once, and no middle", () => {
    const other = { ...quote, ask: midOf(quote.ask + 200, quote.ask), bidSize: 7 };
    expect(JSON.parse(writeMarketDataMessage({ ...message, quotes: [quote, other] }))).toEqual({
      ...head,
      symbols: "SPY SPY",
      quotes: {
        source: { all: "recorded" },
        bid: [1_000_000, 1_000_000],
        ask: [1_000_200, 1_000_300],
        exchangeTimeMs: { all: 1_381_152_600_000 },
        confirmedBy: { all: ["polygon"] },
      },
    });
  });

  it("takes and refuses exactly the quotes that the stored form's codec does", () => {
    const quotes = fc.array(tampered, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(quotes, fc.boolean(), fc.boolean(), (changes, isShort, isBefore) => {
        const list = changes.map((change): Fields => {
          const { bid, ask, ...rest } = { ...STORED_QUOTE, ...change } as Fields;
          // A middle is not said: it is the one that validation makes.
          return { ...rest, bid, ask, mid: midOf(Number(bid), Number(ask)) };
        });
        const read = readAgain({
          ...head,
          form: isBefore ? 4 : 5,
          // A text without any letter has no symbol at all.
          symbols: list.map(({ symbol }) => String(symbol) || "-").join(" "),
          quotes: columnsOf(list, isShort, isBefore ? before : QUOTE_COLUMNS),
        });
        // In a message null stands for what is not known, and so does what JSON cannot say.
        const told = list.map((each) => {
          const known = Object.entries(JSON.parse(JSON.stringify(each)) as Fields);
          return Object.fromEntries(known.filter(([, value]) => value !== null));
        });
        // What is not carried cannot be wrong.
        const carried = [...(isBefore ? before : QUOTE_COLUMNS), "symbol", "mid"];
        const expected = told.map((each) => {
          const missing = Object.fromEntries(carried.map((name) => [name, each[name]]));
          return ValidQuoteCodec.safeParse({ ...STORED_QUOTE, ...missing });
        });
        // The stored form takes quotes from before anybody had to confirm them; a message has none.
        const isWhole = told.every((each) => "confirmedBy" in each);
        const isGood = isWhole && expected.every(({ success }) => success);
        expect(read.ok).toBe(isGood);
        if (!read.ok) return;
        const whole = expected.flatMap(({ data }) => (data === undefined ? [] : [data]));
        expect(read.value.quotes).toStrictEqual(isBefore ? whole : whole.map(priceOf));
      }),
      { numRuns: 1_500 },
    );
  });

  it("may hold no quote at all", () => {
    const empty = { ...message, quotes: [] };
    const read = readMarketDataMessage(JSON.parse(writeMarketDataMessage(empty)));
    expect(read).toStrictEqual({ ok: true, value: empty });
  });

  it("is refused as a whole with the place of the first bad quote, and no value", () => {
    for (const sent of [wire, wireBefore]) {
      const bad = { ...sent, symbols: "SPY hunter2" };
      expect(readMarketDataMessage(bad)).toEqual({ ok: false, error: "quotes.1.symbol" });
    }
    for (const form of [4, 5]) {
      const bad = { ...wire, form, quotes: "none" };
      expect(readMarketDataMessage(bad)).toEqual({ ok: false, error: "quotes" });
    }
    expect(readMarketDataMessage({ ...wire, slotMs: "soon", sessionDate: "2013-02-30" })).toEqual({
      ok: false,
      error: "slotMs, sessionDate",
    });
  });

  it("is refused where a column is missing, strange or of another length", () => {
    const { bid: _bid, ...without } = wire.quotes;
    const refused = (quotes: unknown) => readMarketDataMessage({ ...wire, quotes });
    expect(refused(without)).toEqual({ ok: false, error: "quotes" });
    expect(refused({ ...wire.quotes, more: [] })).toEqual({ ok: false, error: "quotes" });
    expect(refused({ ...wire.quotes, bid: [1] })).toEqual({ ok: false, error: "quotes.bid" });
    expect(refused({ ...wire.quotes, bid: { each: 1 } })).toEqual({
      ok: false,
      error: "quotes.bid",
    });
    expect(refused(pair)).toEqual({ ok: false, error: "quotes" });
    for (const symbols of [undefined, null, ["SPY", "SPY"], { all: "SPY" }]) {
      expect(readMarketDataMessage({ ...wire, symbols })).toEqual({ ok: false, error: "symbols" });
    }
    const { last: _last, ...lacking } = wireBefore.quotes;
    expect(readMarketDataMessage({ ...wireBefore, quotes: lacking }).ok).toBe(false);
  });

  it("of a newer form comes again: its reader is on its way, and nobody buries it", () => {
    for (const form of [6, 7, 99]) {
      const newer = { ...wire, form, quotes: { rows: [] }, more: true };
      expect(() => readMarketDataMessage(newer)).toThrow(RetryableError);
      const text = JSON.stringify(newer);
      expect(readDeadLetter("market-data", text, 7_000).content).toEqual({
        type: "marketData",
        cycleId: "",
        slotMs: 7_000,
      });
    }
    for (const form of ["6", 3.5, Infinity, null]) {
      expect(readMarketDataMessage({ ...wire, form })).toEqual({ ok: false, error: "form" });
    }
  });

  it("of another form is refused", () => {
    const { form: _form, ...formless } = wire;
    expect(readMarketDataMessage(formless)).toEqual({ ok: false, error: "form" });
    expect(readMarketDataMessage({ ...wire, form: 3 })).toEqual({ ok: false, error: "form" });
  });
});
