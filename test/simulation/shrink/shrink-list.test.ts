import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shrinkList } from "../../../simulation/shrink/shrink-list.ts";

/** A list of faults, and those of it that have to come together before anything fails. */
const culprits = fc
  .uniqueArray(fc.integer({ min: 0, max: 10_000 }), { maxLength: 120 })
  .chain((list) => fc.record({ list: fc.constant(list), needed: fc.subarray(list) }));

const has = (needed: readonly number[]) => async (items: readonly number[]) =>
  needed.every((item) => items.includes(item));

describe("shrinking a list of faults", () => {
  it("leaves exactly those that have to come together, in their order", async () => {
    await fc.assert(
      fc.asyncProperty(culprits, async ({ list, needed }) => {
        const shrunk = await shrinkList(list, has(needed), 100_000);
        expect(shrunk.items).toEqual(list.filter((item) => needed.includes(item)));
        expect(shrunk.isMinimal).toBe(true);
      }),
    );
  });

  it("leaves a list that fails and of which nothing can be left out, whatever fails", async () => {
    // Not monotonous: more faults may hide what fewer of them show.
    const weights = fc.array(fc.integer({ min: -3, max: 5 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(weights, fc.integer({ min: 1, max: 12 }), async (values, least) => {
        const list = values.map((value, index) => ({ value, index }));
        const fails = async (items: typeof list) =>
          items.reduce((sum, { value }) => sum + value, 0) >= least;
        fc.pre(await fails(list));
        const { items } = await shrinkList(list, (some) => fails([...some]), 100_000);
        expect(await fails([...items])).toBe(true);
        for (const left of items) {
          expect(await fails(items.filter((item) => item !== left))).toBe(false);
        }
      }),
    );
  });

  it("never asks more often than it may, and what it leaves fails all the same", async () => {
    await fc.assert(
      fc.asyncProperty(culprits, fc.integer({ min: 0, max: 30 }), async (given, triesMax) => {
        let asked = 0;
        const fails = has(given.needed);
        const shrunk = await shrinkList(
          given.list,
          async (items) => {
            asked += 1;
            return fails(items);
          },
          triesMax,
        );
        expect(asked).toBe(shrunk.tries);
        expect(asked).toBeLessThanOrEqual(triesMax);
        expect(await fails(shrunk.items)).toBe(true);
      }),
    );
  });

  it("finds one fault of a thousand in a few dozen tries", async () => {
    const list = Array.from({ length: 1_000 }, (_, index) => index);
    const { items, tries } = await shrinkList(list, has([717]), 1_000);
    expect(items).toEqual([717]);
    expect(tries).toBeLessThan(50);
  });
});
