import type { Money } from "../../shared/domain/market/money.ts";
import type { SessionDate } from "../../shared/domain/market/session-date.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { TradingMode } from "../../shared/domain/risk/control-cell.ts";
import type { RowRejections } from "../recorded-days/recorded-day.ts";

/** Counts by the name of a reason. */
export type CountsByReason = Readonly<Record<string, number>>;

/** What a replay came to. Everything is counted where it happened; nothing is assumed. */
export type ReplayResult = {
  readonly mode: "sim";
  readonly seed: number;
  /** No recording holds options flow: it is made from the seed, and said so. */
  readonly flow: "seeded";
  readonly days: readonly SessionDate[];
  readonly symbols: readonly Ticker[];
  /** Recorded quote rows that reached the exchange. */
  readonly quotes: number;
  /** Polled snapshots that validation refused, each under its first reason. */
  readonly quotesRejected: CountsByReason;
  /** Rows of the files that could not be used. */
  readonly rowsSkipped: RowRejections;
  readonly scored: number;
  /** Why scores and symbols went no further, keyed `stage.reason`. */
  readonly stopped: CountsByReason;
  /** Intents that the ledger stored. */
  readonly intents: number;
  readonly approved: number;
  /** An intent with several reasons counts under each. */
  readonly denied: CountsByReason;
  /** Orders in the exchange's own book; a bracket counts as one. */
  readonly orders: number;
  /** Executions at the exchange. */
  readonly fills: number;
  readonly duplicateOrders: number;
  readonly unguardedOrders: number;
  readonly startingEquity: Money;
  readonly endingEquity: Money;
  /** `unopened`: the recording holds no session, so that there was nothing to trade in. */
  readonly tradingState: TradingMode | "unopened";
  /** Sentences on what ledger and exchange do not agree in at the end; none if they do. */
  readonly differences: readonly string[];
  /** Work that failed and was not made good: messages that died, invocations that threw. */
  readonly faults: readonly string[];
  /** It was told to stop before the last recorded minute. */
  readonly isStopped: boolean;
  readonly traceHash: string;
  /** From the first virtual minute to the last, without reading the files. */
  readonly elapsedMs: number;
};
