import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lostFields } from "../../../shared/domain/probe/lost-fields.ts";

const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean());
const tree = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.oneof(leaf, fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), leaf, { minKeys: 1 })),
);

describe("what was lost", () => {
  it("is nothing of what came out as it went in, whatever came with it", () => {
    fc.assert(
      fc.property(tree, (given) => {
        expect(lostFields(given, { ...given, Extra: 1 })).toEqual([]);
      }),
    );
  });

  it("is exactly the parts that were taken out, each by its name", () => {
    fc.assert(
      fc.property(tree, fc.func(fc.boolean()), (given, isTaken) => {
        const names = Object.keys(given);
        const taken = names.filter((name) => isTaken(name));
        const left = Object.fromEntries(
          Object.entries(given).filter(([name]) => !taken.includes(name)),
        );
        expect(lostFields(given, left)).toEqual(taken);
      }),
    );
  });

  it("says how deep it lies, and takes no float for another", () => {
    expect(lostFields({ list: [{ a: 1, b: 2 }] }, { list: [{ a: 1, b: 3 }] })).toEqual([
      "list.0.b",
    ]);
    expect(lostFields({ rank: 10 }, { rank: 0.1 * 100 })).toEqual([]);
  });
});
