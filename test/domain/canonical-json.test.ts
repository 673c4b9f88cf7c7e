import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionFault } from "../../shared/domain/assert.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";

/** The same value with the keys of every object in reverse order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
};

describe("canonical JSON", () => {
  it("is the same text in whatever order the keys stand, and says the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is what sorting each object's entries gives, whatever its fields are called", () => {
    const key = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom("__proto__", "01"));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.jsonValue({ maxDepth: 0 }),
        fc.date({ noInvalidDate: true }),
        fc.array(tie("value")),
        fc.dictionary(key, tie("value")),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        const text = JSON.stringify(one, (_key, inner: unknown) =>
          typeof inner !== "object" || inner === null || Array.isArray(inner)
            ? inner
            : Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))),
        );
        expect(canonicalJson(one)).toBe(text);
      }),
    );
  });

  it("leaves out what is undefined and refuses what no JSON can hold", () => {
    expect(canonicalJson({ b: 1, a: undefined, c: [{ e: null, d: "x" }] })).toBe(
      '{"b":1,"c":[{"d":"x","e":null}]}',
    );
    for (const value of [Number.NaN, Infinity, { deep: [Number.NaN] }]) {
      expect(() => canonicalJson(value)).toThrow(AssertionFault);
    }
  });
});
