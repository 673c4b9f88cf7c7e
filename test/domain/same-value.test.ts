import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSameValue } from "../../shared/domain/same-value.ts";

describe("the same value", () => {
  it("is what JSON writes the same, whichever objects hold it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(isSameValue(value, JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
    );
  });

  it("is not another one: two values are the same in both directions or in none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(isSameValue(one, other)).toBe(isSameValue(other, one));
        if (isSameValue(one, other)) expect(one).toEqual(other);
      }),
    );
  });

  it.each([
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: undefined }, {}, true],
    [{ a: undefined }, undefined, false],
    [{ a: null }, {}, false],
    [{}, { toString: 1 }, false],
    [{ constructor: Object }, {}, false],
    [[], {}, false],
    [[1], [1, 2], false],
    [0, -0, true],
    [Number.NaN, Number.NaN, false],
    [Infinity, Infinity, false],
    ["1", 1, false],
  ])("of %j and %j: %s", (one, other, expected) => {
    expect(isSameValue(one, other)).toBe(expected);
    expect(isSameValue(other, one)).toBe(expected);
  });
});
