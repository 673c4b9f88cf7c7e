import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValidQuoteCodec } from "../../shared/adapters/stored/codecs/valid-quote.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { readDeadLetter } from "../../shared/runtime/messages/dead-letter.ts";
import { readMarketDataMessage } from "../../shared/runtime/messages/market-data-message.ts";
import { readQuoteValues } from "../../shared/runtime/messages/read-valid-quote.ts";
import {
  type MarketDataMessage,
  QUOTE_FIELDS,
  writeMarketDataMessage,
} from "../../shared/use-cases/market-data-message.ts";
import { anyFieldValue, STORED_QUOTE } from "../fixtures/stored-quote.ts";

const fields = QUOTE_FIELDS;
const tampered = fc.dictionary(fc.constantFrom<string>(...fields), anyFieldValue, { maxKeys: 3 });
const valuesOf = (quote: Readonly<Record<string, unknown>>): readonly unknown[] =>
  fields.map((name) => quote[name]);

describe("the reader of quotes in messages", () => {
  it("takes and refuses exactly what the stored form's codec does, and reads the same", () => {
    fc.assert(
      fc.property(tampered, fc.subarray([...fields], { maxLength: 2 }), (changes, dropped) => {
        const quote: Record<string, unknown> = { ...STORED_QUOTE, ...changes };
        for (const field of dropped) quote[field] = null;
        // In a message null stands for what is not known, and so does what JSON cannot say.
        const known = Object.entries(quote).filter(([, value]) => value !== null);
        const expected = ValidQuoteCodec.safeParse(Object.fromEntries(known));
        const read = readQuoteValues(valuesOf(quote));
        // The stored form takes quotes from before anybody had to confirm them; a message has none.
        const isWhole = quote["confirmedBy"] !== null && quote["confirmedBy"] !== undefined;
        expect(typeof read === "object").toBe(expected.success && isWhole);
        if (typeof read === "object") expect(read).toStrictEqual(expected.data);
      }),
      { numRuns: 2_000 },
    );
  });

  it("refuses what is no list of as many values as a quote has", () => {
    for (const value of [
      null,
      undefined,
      1,
      "SPY",
      [],
      STORED_QUOTE,
      [...valuesOf(STORED_QUOTE), 1],
    ]) {
      expect(readQuoteValues(value)).toBe("(the whole)");
    }
  });

  it("names the first bad field", () => {
    expect(readQuoteValues(valuesOf({ ...STORED_QUOTE, bid: "1000000" }))).toBe("bid");
    expect(readQuoteValues(valuesOf({ ...STORED_QUOTE, bid: 1_000_300 }))).toBe("order");
  });
});

/** Field by field; what all have in common is said once where `isShort`. */
const columnsOf = (list: readonly (readonly unknown[])[], isShort: boolean) =>
  Object.fromEntries(
    fields.map((name, place) => {
      const column = list.map((row) => row[place]);
      const isShared = isShort && name !== "symbol" && new Set(column).size === 1;
      return [name, isShared ? { all: column[0] ?? null } : column];
    }),
  );
const readAgain = (value: unknown) => readMarketDataMessage(JSON.parse(JSON.stringify(value)));

describe("a market-data message", () => {
  const quote = readQuoteValues(valuesOf(STORED_QUOTE));
  if (typeof quote === "string") throw new Error("The STORED_QUOTE quote is not read.");
  const message: MarketDataMessage = {
    cycleId: "cycle-2013-10-07T13:35Z",
    slotMs: 1_381_152_900_000,
    sessionDate: parseSessionDate("2013-10-07")!,
    shard: 0,
    quotes: [quote, { ...quote, last: undefined, volume: undefined, previousClose: undefined }],
  };
  const head = { ...message, form: 3 };
  const rows = [valuesOf(STORED_QUOTE), valuesOf(STORED_QUOTE)];
  const before = { ...head, form: 2, quotes: rows };
  const wire = { ...head, quotes: columnsOf(rows, false) };

  it("survives its way through JSON", () => {
    const read = readMarketDataMessage(JSON.parse(writeMarketDataMessage(message)));
    expect(read).toStrictEqual({ ok: true, value: message });
  });

  it("is written field by field, and what all quotes have in common once", () => {
    const other = { ...quote, bid: quote.bid, bidSize: 7 };
    expect(JSON.parse(writeMarketDataMessage({ ...message, quotes: [quote, other] }))).toEqual({
      ...head,
      quotes: {
        symbol: ["SPY", "SPY"],
        source: { all: "recorded" },
        bid: [1_000_000, 1_000_000],
        ask: [1_000_200, 1_000_200],
        mid: [1_000_100, 1_000_100],
        last: { all: 1_000_100 },
        bidSize: [3, 7],
        askSize: [4, 4],
        exchangeTimeMs: { all: 1_381_152_600_000 },
        receivedAtMs: { all: 1_381_152_600_010 },
        volume: { all: 5 },
        previousClose: { all: 999_900 },
        confirmedBy: { all: ["polygon"] },
      },
    });
  });

  it("reads the same in the form before, and says of bad quotes the same", () => {
    const quotes = fc.array(tampered, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(quotes, fc.boolean(), (changes, isShort) => {
        const list = changes.map((change) => valuesOf({ ...STORED_QUOTE, ...change }));
        const columns = { ...head, quotes: columnsOf(list, isShort) };
        expect(readAgain(columns)).toStrictEqual(readAgain({ ...before, quotes: list }));
      }),
      { numRuns: 1_000 },
    );
  });

  it("may hold no quote at all", () => {
    const empty = { ...message, quotes: [] };
    const read = readMarketDataMessage(JSON.parse(writeMarketDataMessage(empty)));
    expect(read).toStrictEqual({ ok: true, value: empty });
  });

  it("is refused as a whole with the place of the first bad quote, and no value", () => {
    const quotes = [valuesOf(STORED_QUOTE), valuesOf({ ...STORED_QUOTE, symbol: "hunter2" })];
    expect(readMarketDataMessage({ ...before, quotes })).toEqual({
      ok: false,
      error: "quotes.1.symbol",
    });
    expect(readMarketDataMessage({ ...wire, quotes: columnsOf(quotes, true) })).toEqual({
      ok: false,
      error: "quotes.1.symbol",
    });
    for (const form of [2, 3]) {
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
    expect(refused({ ...wire.quotes, symbol: { all: "SPY" } })).toEqual({
      ok: false,
      error: "quotes.symbol",
    });
    expect(refused(rows)).toEqual({ ok: false, error: "quotes" });
  });

  it("of a newer form comes again: its reader is on its way, and nobody buries it", () => {
    for (const form of [4, 5, 99]) {
      const newer = { ...wire, form, quotes: { rows: [] }, more: true };
      expect(() => readMarketDataMessage(newer)).toThrow(RetryableError);
      const text = JSON.stringify(newer);
      expect(readDeadLetter("market-data", text, 7_000).content).toEqual({
        type: "marketData",
        cycleId: "",
        slotMs: 7_000,
      });
    }
    for (const form of ["4", 3.5, Infinity, null]) {
      expect(readMarketDataMessage({ ...wire, form })).toEqual({ ok: false, error: "form" });
    }
  });

  it("of another form is refused", () => {
    const { form: _form, ...formless } = wire;
    expect(readMarketDataMessage(formless)).toEqual({ ok: false, error: "form" });
    expect(readMarketDataMessage({ ...wire, form: 1 })).toEqual({ ok: false, error: "form" });
  });
});
