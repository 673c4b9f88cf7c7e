import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { AssertionFault } from "../../shared/domain/assert.ts";
import type { Archive } from "../../shared/ports/archive.ts";

const keyArbitrary = (segment: RegExp): fc.Arbitrary<string> =>
  fc
    .array(fc.stringMatching(segment), { minLength: 1, maxLength: 3 })
    .map((segments) => segments.join("/"));
// The S3 emulator sorts as a dictionary does; of these keys the order is the same by bytes.
const plainKeyArbitrary = keyArbitrary(/^[a-z0-9]{1,4}$/);
const anyKeyArbitrary = keyArbitrary(/^[A-Za-z0-9][A-Za-z0-9._=-]{0,5}$/);

/** What every adapter of the archive does; each run writes under a folder of its own. */
export const describeArchive = (
  name: string,
  createArchive: () => Promise<Archive>,
  { runs }: { readonly runs: number },
): void => {
  let archive: Archive;
  let folders = 0;
  beforeAll(async () => {
    archive = await createArchive();
  });
  const newFolder = (): string => {
    folders += 1;
    return `folder-${folders}/`;
  };

  describe(name, () => {
    it("reads and lists what was written last, sorted, as far as asked", async () => {
      const bodies = fc.string({ unit: "grapheme" });
      const plan = fc.array(fc.tuple(plainKeyArbitrary, bodies), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(plan, fc.nat(9), async (writes, limit) => {
          const folder = newFolder();
          const model = new Map<string, string>();
          for (const [key, body] of writes) {
            await archive.write(folder + key, body);
            model.set(folder + key, body);
          }
          for (const [key, body] of model) expect(await archive.read(key)).toBe(body);
          const sorted = [...model.keys()].toSorted();
          expect(await archive.list(folder, 100)).toEqual(sorted);
          expect(await archive.list(folder, limit)).toEqual(sorted.slice(0, limit));
          const [first] = sorted;
          const prefix = first?.slice(0, -1) ?? folder;
          const expected = sorted.filter((key) => key.startsWith(prefix));
          expect(await archive.list(prefix, 100)).toEqual(expected);
        }),
        { numRuns: runs },
      );
    });

    it("takes every key of letters, digits and the signs that are allowed", async () => {
      const keys = fc.uniqueArray(anyKeyArbitrary, { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(keys, async (names) => {
          const folder = newFolder();
          for (const key of names) await archive.write(folder + key, key);
          for (const key of names) expect(await archive.read(folder + key)).toBe(key);
          const listed = await archive.list(folder, 100);
          expect(listed.toSorted()).toEqual(names.map((key) => folder + key).toSorted());
        }),
        { numRuns: runs },
      );
    });

    it("has nothing under a key that was never written", async () => {
      expect(await archive.read(`${newFolder()}never`)).toBeUndefined();
      expect(await archive.list(newFolder(), 10)).toEqual([]);
    });

    it("forgets what is removed and nothing else, however often", async () => {
      const folder = newFolder();
      await archive.write(`${folder}a`, "1");
      await archive.write(`${folder}ab`, "2");
      for (let times = 0; times < 2; times++) await archive.remove(`${folder}a`);
      expect(await archive.read(`${folder}a`)).toBeUndefined();
      expect(await archive.list(folder, 10)).toEqual([`${folder}ab`]);
      await archive.write(`${folder}a`, "3");
      expect(await archive.read(`${folder}a`)).toBe("3");
    });

    it("keeps a body of a megabyte as it was", async () => {
      const key = `${newFolder()}ticks.jsonl`;
      const body = "é".repeat(512 * 1024);
      await archive.write(key, body);
      expect((await archive.read(key)) === body).toBe(true);
    });

    it("takes no key that could leave its place", async () => {
      for (const key of ["", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a b", "a\0", "ä"]) {
        await expect(archive.write(key, "")).rejects.toThrow(AssertionFault);
        await expect(archive.read(key)).rejects.toThrow(AssertionFault);
        await expect(archive.remove(key)).rejects.toThrow(AssertionFault);
      }
    });
  });
};
