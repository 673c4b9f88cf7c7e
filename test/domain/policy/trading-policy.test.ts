import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { differencesOf } from "../../../shared/domain/policy/trading-policy.ts";

/** Every value that holds no others, by its path. */
const leavesOf = (value: unknown, path = ""): readonly (readonly [string, string])[] => {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[path, canonicalJson(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === "" ? key : `${path}.${key}`),
  );
};

const field = fc.constantFrom("a", "b", "c");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.constantFrom(undefined, null, 0, -0, 1, "1", true),
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(field, tie("value"), { maxKeys: 3 }),
  ),
}));

describe("what differs from what was signed", () => {
  it("is exactly what has another value at its path", () => {
    fc.assert(
      fc.property(value, value, (signed, found) => {
        const [one, other] = [new Map(leavesOf(signed)), new Map(leavesOf(found))];
        const paths = [...new Set([...one.keys(), ...other.keys()])];
        expect(differencesOf(signed, found).map(({ path }) => path)).toEqual(
          paths.filter((path) => one.get(path) !== other.get(path)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("is nothing for a value that was read again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (signed) => {
        expect(differencesOf(signed, JSON.parse(JSON.stringify(signed)))).toEqual([]);
      }),
    );
  });
});
