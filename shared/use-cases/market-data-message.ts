import type { ValidQuote } from "../domain/market/quote.ts";
import type { SessionDate } from "../domain/market/session-date.ts";

/** What poll-market-data tells score-signals: one message a shard and cycle, as JSON. */
export type MarketDataMessage = {
  readonly cycleId: string;
  /** The minute of the schedule that the cycle is for, epoch ms; decisions are named by it. */
  readonly slotMs: number;
  readonly sessionDate: SessionDate;
  readonly shard: number;
  /** Oldest first for each symbol; empty when nothing valid came, so that exits go on. */
  readonly quotes: readonly ValidQuote[];
};
