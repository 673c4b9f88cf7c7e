import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { TickBatch, TickStore } from "../../shared/ports/tick-store.ts";
import { OPEN_MS, quoteArbitrary } from "./arbitraries.ts";

const MINUTE_MS = 60_000;

/** What every adapter of the tape does; `createTicks` gives Regions that share one store. */
export const describeTickStore = (
  name: string,
  createTicks: (region: string) => Promise<TickStore>,
  { runs }: { readonly runs: number },
): void => {
  let ticks: TickStore;
  let elsewhere: TickStore;
  let shards = 0;
  beforeAll(async () => {
    ticks = await createTicks("us-east-2");
    elsewhere = await createTicks("us-west-2");
  });

  describe(`${name}: the tape`, () => {
    it("has every batch once, in the order of its slots, however it came there", async () => {
      const minutes = fc.uniqueArray(fc.nat(20), { maxLength: 6 });
      const quotes = fc.array(quoteArbitrary, { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(minutes, quotes, fc.nat(20), async (slots, brought, from) => {
          shards += 1;
          const batches = slots.map((minute): TickBatch => {
            const slotMs = OPEN_MS + minute * MINUTE_MS;
            return { shard: shards, slotMs, takenAtMs: slotMs + 900, quotes: brought };
          });
          for (const batch of [...batches, ...batches]) await ticks.append(batch);
          const expected = batches
            .toSorted((left, right) => left.slotMs - right.slotMs)
            .filter(({ slotMs }) => slotMs >= OPEN_MS + from * MINUTE_MS);
          const fromMs = OPEN_MS + from * MINUTE_MS;
          expect(await ticks.load(shards, fromMs, 100)).toEqual(expected);
          expect(await ticks.load(shards, fromMs, 2)).toEqual(expected.slice(0, 2));
          expect(await elsewhere.load(shards, 0, 100)).toEqual([]);
        }),
        { numRuns: runs },
      );
    });

    it("keeps two polls of one slot apart", async () => {
      shards += 1;
      const batch: TickBatch = {
        shard: shards,
        slotMs: OPEN_MS,
        takenAtMs: OPEN_MS + 1,
        quotes: [],
      };
      await ticks.append(batch);
      await ticks.append({ ...batch, takenAtMs: OPEN_MS + 2 });
      expect((await ticks.load(shards, 0, 10)).map(({ takenAtMs }) => takenAtMs)).toEqual([
        OPEN_MS + 1,
        OPEN_MS + 2,
      ]);
    });
  });
};
