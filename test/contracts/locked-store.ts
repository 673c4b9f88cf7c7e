import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { AssertionFault } from "../../shared/domain/assert.ts";
import type { LockedStore } from "../../shared/ports/locked-store.ts";

const keyArbitrary = fc
  .array(fc.stringMatching(/^[a-z0-9]{1,4}$/), { minLength: 1, maxLength: 3 })
  .map((segments) => `${segments.join("/")}/end.json`);

/** What every locked store does; each run writes under a folder of its own. */
export const describeLockedStore = (
  name: string,
  createStore: () => Promise<LockedStore>,
  { runs }: { readonly runs: number },
): void => {
  let store: LockedStore;
  let folders = 0;
  beforeAll(async () => {
    store = await createStore();
  });
  const newFolder = (): string => {
    folders += 1;
    return `audit/folder-${folders}/`;
  };

  describe(name, () => {
    it("keeps what came first under a key, and shows it to whoever comes later", async () => {
      const writes = fc.array(fc.tuple(keyArbitrary, fc.string({ unit: "grapheme" })), {
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(writes, fc.nat(9), async (plan, limit) => {
          const folder = newFolder();
          const model = new Map<string, string>();
          for (const [name, body] of plan) {
            const key = folder + name;
            const standing = model.get(key);
            const expected =
              standing === undefined ? { type: "created" } : { type: "exists", body: standing };
            expect(await store.create(key, body)).toEqual(expected);
            if (standing === undefined) model.set(key, body);
          }
          const sorted = [...model.keys()].toSorted();
          for (const key of sorted) expect(await store.read(key)).toBe(model.get(key));
          expect(await store.list(folder, undefined, 100)).toEqual(sorted);
          expect(await store.list(folder, undefined, limit)).toEqual(sorted.slice(0, limit));
          const [first] = sorted;
          if (first !== undefined) {
            expect(await store.list(folder, first, 100)).toEqual(sorted.slice(1));
          }
        }),
        { numRuns: runs },
      );
    });

    it("lets one of several writers be the first, and tells the others by its body", async () => {
      const key = `${newFolder()}race.json`;
      const bodies = ["a", "b", "c", "d"];
      const answers = await Promise.all(bodies.map((body) => store.create(key, body)));
      const winners = answers.filter(({ type }) => type === "created");
      expect(winners).toHaveLength(1);
      const standing = await store.read(key);
      expect(bodies).toContain(standing);
      for (const answer of answers) {
        if (answer.type === "exists") expect(answer.body).toBe(standing);
      }
    });

    it("has nothing under a key that was never written, and takes none that leaves its place", async () => {
      expect(await store.read(`${newFolder()}never`)).toBeUndefined();
      expect(await store.list(newFolder(), undefined, 10)).toEqual([]);
      for (const key of ["", "/a", "a/", "../a", ".a", "a b"]) {
        await expect(store.create(key, "")).rejects.toThrow(AssertionFault);
        await expect(store.read(key)).rejects.toThrow(AssertionFault);
      }
    });
  });
};
