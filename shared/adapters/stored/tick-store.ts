import * as z from "zod";
import type { TickBatch, TickStore } from "../../ports/tick-store.ts";
import { ValidQuoteCodec } from "./codecs/valid-quote.ts";
import type { ItemStore } from "./item-store.ts";

const KEPT_MS = 14 * 86_400_000;

const Batch: z.ZodType<TickBatch> = z.strictObject({
  shard: z.int().min(0),
  slotMs: z.number().min(0),
  takenAtMs: z.number().min(0),
  quotes: z.array(ValidQuoteCodec),
});

/** The tape on an item store: one item a poll, in the order of slots. A damaged one is left out. */
export const createStoredTickStore = (
  store: ItemStore,
  { region }: { readonly region: string },
): TickStore => ({
  append: async (batch) => {
    const { shard, slotMs, takenAtMs } = batch;
    const sort = `${sortOf(slotMs)}#${Math.floor(takenAtMs)}`;
    const expiresAtMs = slotMs + KEPT_MS;
    const partition = partitionOf(region, shard);
    await store.put({ partition, sort, document: batch, expiresAtMs }, { type: "none" });
  },
  load: async (shard, fromSlotMs, limit) => {
    const items = await store.query({
      partition: partitionOf(region, shard),
      sortPrefix: "",
      direction: "forward",
      limit,
      after: sortOf(fromSlotMs),
    });
    return items.flatMap(({ document }) => {
      const batch = Batch.safeParse(document);
      return batch.success ? [batch.data] : [];
    });
  },
});

const partitionOf = (region: string, shard: number): string => `ticks#${region}#${shard}`;

const sortOf = (slotMs: number): string => Math.floor(slotMs).toString().padStart(15, "0");
