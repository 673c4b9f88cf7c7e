import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symbolList } from "../../shared/runtime/symbol-text.ts";

const anySymbol = fc.constantFrom<unknown>("SPY", "QQQ", "IBM", "BRK.B", "spy", "", 7, null);
const isSymbol = (value: unknown): boolean =>
  typeof value === "string" && /^[A-Z]+(?:\.[A-Z])?$/.test(value);

describe("a list of symbols", () => {
  it("is read by what it says, whatever lists were read before it", () => {
    fc.assert(
      fc.property(fc.array(fc.array(anySymbol, { maxLength: 5 }), { maxLength: 9 }), (lists) => {
        const schema = symbolList(4);
        for (const list of lists) {
          const read = schema.safeParse(list);
          const isGood = list.length >= 1 && list.length <= 4 && list.every(isSymbol);
          expect(read.success).toBe(isGood);
          if (read.success) expect(read.data).toEqual(list);
        }
      }),
    );
  });
});
