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

/** The fields of the forms before. */
const form4 = [
  ...QUOTE_COLUMNS,
  "last",
  "bidSize",
  "askSize",
  "receivedAtMs",
  "volume",
  "previousClose",
] as const;
const form3 = [...form4, "symbol", "mid"] as const;
const tampered = fc.dictionary(fc.constantFrom<string>(...form3), anyFieldValue, { maxKeys: 3 });
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
  const wireOfForm3 = { ...head, form: 3, quotes: columnsOf(pair, false, form3) };

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
    const forms = fc.constantFrom(3, 4, 5);
    fc.assert(
      fc.property(quotes, fc.boolean(), forms, (changes, isShort, form) => {
        const list = changes.map((change): Fields => {
          const { bid, ask, ...rest } = { ...STORED_QUOTE, ...change } as Fields;
          // A middle that is not said is the one that validation makes.
          const mid = form === 3 ? rest["mid"] : midOf(Number(bid), Number(ask));
          return { ...rest, bid, ask, mid };
        });
        // A text without any letter has no symbol at all.
        const symbols = list.map(({ symbol }) => String(symbol) || "-").join(" ");
        const names = { 3: form3, 4: form4, 5: QUOTE_COLUMNS }[form];
        const named = form === 3 ? {} : { symbols };
        const read = readAgain({
          ...head,
          ...named,
          form,
          quotes: columnsOf(list, isShort, names),
        });
        // In a message null stands for what is not known, and so does what JSON cannot say.
        const told = list.map((each) => {
          const known = Object.entries(JSON.parse(JSON.stringify(each)) as Fields);
          return Object.fromEntries(known.filter(([, value]) => value !== null));
        });
        // What the newest form does not carry cannot be wrong.
        const carried = form === 5 ? [...QUOTE_COLUMNS, "symbol", "mid"] : form3;
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
        expect(read.value.quotes).toStrictEqual(form === 5 ? whole.map(priceOf) : whole);
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
    const stranger = { ...STORED_QUOTE, symbol: "hunter2" };
    const quotes = columnsOf([STORED_QUOTE, stranger], true, form3);
    for (const bad of [
      { ...wire, symbols: "SPY hunter2" },
      { ...wireOfForm3, quotes },
    ]) {
      expect(readMarketDataMessage(bad)).toEqual({ ok: false, error: "quotes.1.symbol" });
    }
    for (const form of [3, 4, 5]) {
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
    const { symbol: _symbol, ...nameless } = wireOfForm3.quotes;
    expect(readMarketDataMessage({ ...wireOfForm3, quotes: nameless }).ok).toBe(false);
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
    expect(readMarketDataMessage({ ...wire, form: 2 })).toEqual({ ok: false, error: "form" });
  });
});
