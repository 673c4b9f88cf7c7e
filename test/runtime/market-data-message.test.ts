import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValidQuoteCodec } from "../../shared/adapters/stored/codecs/valid-quote.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { readMarketDataMessage } from "../../shared/runtime/messages/market-data-message.ts";
import { readQuoteValues } from "../../shared/runtime/messages/read-valid-quote.ts";
import {
  type MarketDataMessage,
  QUOTE_FIELDS,
  writeMarketDataMessage,
} from "../../shared/use-cases/market-data-message.ts";

const good = {
  symbol: "SPY",
  source: "recorded",
  bid: 1_000_000,
  ask: 1_000_200,
  mid: 1_000_100,
  last: 1_000_100,
  bidSize: 3,
  askSize: 4,
  exchangeTimeMs: 1_381_152_600_000,
  receivedAtMs: 1_381_152_600_010,
  volume: 5,
  confirmedBy: ["polygon"],
  previousClose: 999_900,
};

const fields = QUOTE_FIELDS;
/** What a field may hold after something went wrong, and what it must hold. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, "", "SPY", "spy", "BRK.B", "alpaca", [], {}),
  fc.constantFrom<unknown>(0, -0, -1, 0.5, 1e300, Infinity, NaN, 2 ** 53, 8.64e15, 8.64e15 + 2),
  fc.constantFrom<unknown>(
    "single",
    ["tiingo"],
    ["nobody"],
    Array.from({ length: 5 }, () => "alpaca"),
  ),
  fc.integer({ min: 999_000, max: 1_001_000 }),
  fc.double(),
);
const tampered = fc.dictionary(fc.constantFrom<string>(...fields), anything, { maxKeys: 3 });
const valuesOf = (quote: Readonly<Record<string, unknown>>): readonly unknown[] =>
  fields.map((name) => quote[name]);

describe("the reader of quotes in messages", () => {
  it("takes and refuses exactly what the stored form's codec does, and reads the same", () => {
    fc.assert(
      fc.property(tampered, fc.subarray([...fields], { maxLength: 2 }), (changes, dropped) => {
        const quote: Record<string, unknown> = { ...good, ...changes };
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
    for (const value of [null, undefined, 1, "SPY", [], good, [...valuesOf(good), 1]]) {
      expect(readQuoteValues(value)).toBe("(the whole)");
    }
  });

  it("names the first bad field", () => {
    expect(readQuoteValues(valuesOf({ ...good, bid: "1000000" }))).toBe("bid");
    expect(readQuoteValues(valuesOf({ ...good, bid: 1_000_300 }))).toBe("order");
  });
});

describe("a market-data message", () => {
  const quote = readQuoteValues(valuesOf(good));
  if (typeof quote === "string") throw new Error("The good quote is not read.");
  const message: MarketDataMessage = {
    cycleId: "cycle-2013-10-07T13:35Z",
    slotMs: 1_381_152_900_000,
    sessionDate: parseSessionDate("2013-10-07")!,
    shard: 0,
    quotes: [quote, { ...quote, last: undefined, volume: undefined, previousClose: undefined }],
  };
  const wire = {
    ...message,
    form: 2,
    quotes: [valuesOf(good), valuesOf(good)],
  };

  it("survives its way through JSON", () => {
    const read = readMarketDataMessage(JSON.parse(writeMarketDataMessage(message)));
    expect(read).toStrictEqual({ ok: true, value: message });
  });

  it("is written as the reader's fields name it", () => {
    expect(JSON.parse(writeMarketDataMessage({ ...message, quotes: [quote, quote] }))).toEqual(
      wire,
    );
  });

  it("is refused as a whole with the place of the first bad quote, and no value", () => {
    const quotes = [valuesOf(good), valuesOf({ ...good, symbol: "hunter2" })];
    expect(readMarketDataMessage({ ...wire, quotes })).toEqual({
      ok: false,
      error: "quotes.1.symbol",
    });
    expect(readMarketDataMessage({ ...wire, quotes: "none" })).toEqual({
      ok: false,
      error: "quotes",
    });
    expect(readMarketDataMessage({ ...wire, slotMs: "soon", sessionDate: "2013-02-30" })).toEqual({
      ok: false,
      error: "slotMs, sessionDate",
    });
  });

  it("of another form is refused", () => {
    const { form: _form, ...before } = wire;
    expect(readMarketDataMessage(before)).toEqual({ ok: false, error: "form" });
    expect(readMarketDataMessage({ ...wire, form: 1 })).toEqual({ ok: false, error: "form" });
  });
});
