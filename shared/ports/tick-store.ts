import type { ValidQuote } from "../domain/market/quote.ts";

/** What one poll of a shard brought: every quote that was valid. */
export type TickBatch = {
  readonly shard: number;
  /** The minute of the schedule that the poll was for, epoch ms. */
  readonly slotMs: number;
  /** When the poll had its quotes, epoch ms: with shard and slot it names the batch. */
  readonly takenAtMs: number;
  readonly quotes: readonly ValidQuote[];
};

/** The tape of a Region's own days, kept for 14 days. Throws `RetryableError`. */
export type TickStore = {
  /** Stores a batch; the same one again changes nothing. */
  readonly append: (batch: TickBatch) => Promise<void>;
  /** A shard's batches from a slot on, oldest first, at most `limit`. */
  readonly load: (
    shard: number,
    fromSlotMs: number,
    limit: number,
  ) => Promise<readonly TickBatch[]>;
};
