import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValidQuoteCodec } from "../../shared/adapters/stored/codecs/valid-quote.ts";
import { readValidQuote } from "../../shared/runtime/messages/read-valid-quote.ts";
import { anyFieldValue, STORED_QUOTE } from "../fixtures/stored-quote.ts";

const fields = Object.keys(STORED_QUOTE);
const tampered = fc.dictionary(fc.constantFrom(...fields, "extra"), anyFieldValue, { maxKeys: 3 });

describe("the reader of quotes by name", () => {
  it("takes and refuses exactly what the stored form's codec does, and reads the same", () => {
    fc.assert(
      fc.property(tampered, fc.subarray(fields, { maxLength: 2 }), (changes, dropped) => {
        const value: Record<string, unknown> = { ...STORED_QUOTE, ...changes };
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
    for (const value of [null, undefined, 1, "SPY", [], [STORED_QUOTE]]) {
      expect(readValidQuote(value)).toBe("(the whole)");
    }
  });

  it("names the first bad field", () => {
    expect(readValidQuote({ ...STORED_QUOTE, bid: "1000000" })).toBe("bid");
    expect(readValidQuote({ ...STORED_QUOTE, bid: 1_000_300 })).toBe("order");
  });
});
