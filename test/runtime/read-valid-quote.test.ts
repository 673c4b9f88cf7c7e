import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValidQuoteCodec } from "../../shared/adapters/stored/codecs/valid-quote.ts";
import { readValidQuote } from "../../shared/runtime/messages/read-valid-quote.ts";

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

const fields = Object.keys(good);
/** What a field may hold after something went wrong, and what it must hold. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, "", "SPY", "spy", "BRK.B", "alpaca", [], {}),
  fc.constantFrom<unknown>(0, -0, -1, 0.5, 1e300, Infinity, NaN, 2 ** 53, 8.64e15, 8.64e15 + 2),
  fc.integer({ min: 999_000, max: 1_001_000 }),
  fc.double(),
);
const tampered = fc.dictionary(fc.constantFrom(...fields, "extra"), anything, { maxKeys: 3 });

describe("the reader of quotes by name", () => {
  it("takes and refuses exactly what the stored form's codec does, and reads the same", () => {
    fc.assert(
      fc.property(tampered, fc.subarray(fields, { maxLength: 2 }), (changes, dropped) => {
        const value: Record<string, unknown> = { ...good, ...changes };
        for (const field of dropped) delete value[field];
        const expected = ValidQuoteCodec.safeParse(value);
        const read = readValidQuote(value);
        expect(typeof read === "object").toBe(expected.success);
        if (expected.success) expect(read).toStrictEqual(expected.data);
      }),
      { numRuns: 2_000 },
    );
  });

  it("refuses what is no object", () => {
    for (const value of [null, undefined, 1, "SPY", [], [good]]) {
      expect(readValidQuote(value)).toBe("(the whole)");
    }
  });

  it("names the first bad field", () => {
    expect(readValidQuote({ ...good, bid: "1000000" })).toBe("bid");
    expect(readValidQuote({ ...good, bid: 1_000_300 })).toBe("order");
  });
});
