import type { TickBatch } from "../ports/tick-store.ts";

/** Where a Region's buffered ticks lie in the archive: a list of it is in the order of slots. */
export const bufferPrefixOf = (region: string): string => `buffer/ticks/${region}/`;

/** The key of one buffered batch. */
export const bufferKeyOf = (region: string, { shard, slotMs, takenAtMs }: TickBatch): string =>
  `${bufferPrefixOf(region)}${slotMs.toString().padStart(15, "0")}-${shard}-${Math.floor(takenAtMs)}.jsonl`;

/** One line a quote, each with what names its batch, so that a damaged line damages no other. */
export const batchToLines = ({ quotes, ...batch }: TickBatch): string =>
  quotes.map((quote) => `${JSON.stringify({ ...batch, quote })}\n`).join("");
