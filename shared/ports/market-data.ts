import type { Snapshot, VendorName } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { VendorMeasures } from "../domain/market/feed-record.ts";
import type { VendorStanding } from "../domain/market/vendor-standing.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault } from "./vendor-fault.ts";

/** How long a caller waits; a request that nobody waits for any more is aborted. */
export type CallLimits = {
  /** On the clock's monotonic time, milliseconds; an answer after it is a NETWORK fault. */
  readonly deadlineMs?: number;
  /** Aborted when the answer is no longer wanted, as when a hedged read lost. */
  readonly signal?: AbortSignal;
};

/** What a vendor said about the symbols it was asked for. */
export type SnapshotAnswer = {
  /** One a symbol; from the gateway: of the vendor that was chosen for it. */
  readonly snapshots: readonly Snapshot[];
  /** Asked for and not in the answer: not the same as an error. */
  readonly missing: readonly Ticker[];
  /** In the answer, but not as the vendor's contract says; the reason is a sentence. */
  readonly unreadable?: readonly UnreadableSnapshot[];
  /** Asked for by a request of its own that failed, while others did not. */
  readonly failed?: readonly FailedSymbol[];
  /** From the gateway: what other vendors said about the same symbols, the preferred ones first. */
  readonly witnesses?: readonly Snapshot[];
  /** From the gateway: what became of every vendor that is configured, the preferred ones first. */
  readonly vendors?: readonly VendorReport[];
};

/** A symbol whose data could not be read while the others' could. */
export type UnreadableSnapshot = { readonly symbol: Ticker; readonly reason: string };

/** A symbol that failed alone, at a vendor that answers one symbol a request. */
export type FailedSymbol = { readonly symbol: Ticker; readonly fault: VendorFault };

/** What became of one vendor in one poll. */
export type VendorReport = {
  readonly vendor: VendorName;
  readonly outcome: VendorOutcome;
  /** Until its answer or its failure, milliseconds; `null` where it was not asked. */
  readonly latencyMs: number | null;
  /** How it has done lately, this poll included. */
  readonly standing: VendorStanding;
  readonly measures: VendorMeasures;
};

/** `notNeeded`: others were enough; `refused`: its breaker is open or its budget is spent. */
export type VendorOutcome =
  | { readonly type: "answered"; readonly symbols: number }
  | { readonly type: "failed"; readonly fault: VendorFault }
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "notNeeded" };

/** Nobody answered; from the gateway: what became of every vendor. */
export type SnapshotFault = VendorFault & { readonly vendors?: readonly VendorReport[] };

/** Market data of all vendors behind one door. */
export type MarketData = {
  readonly fetchSnapshots: (
    symbols: readonly Ticker[],
    limits?: CallLimits,
  ) => Promise<Result<SnapshotAnswer, SnapshotFault>>;
  /**
   * What is left to do once the data of a poll are published, such as telling of vendors that are
   * not well and looking at those in reserve; takes eight seconds at most and never fails. Absent
   * where there is nothing.
   */
  readonly tend?: () => Promise<void>;
  /** The volatility index (VIX) in points; `undefined` if the vendor has none. */
  readonly fetchVolatilityIndex: (
    limits?: CallLimits,
  ) => Promise<Result<number | undefined, VendorFault>>;
};

/** Market data of one vendor, as the gateway is made from it. */
export type VendorMarketData = MarketData & {
  readonly vendor: VendorName;
  /** What one request covers: its cost, and its share of a quota, follow from it. */
  readonly symbolsPerRequest: number;
  /**
   * Opens connections for a poll of so many symbols before it is known whether there is one; waits
   * for nothing and never fails. Absent where there are none.
   */
  readonly prepare?: (symbols: number) => void;
  /** Answers so far, and those over a connection that stood; absent where there are none. */
  readonly connections?: () => Pick<VendorMeasures, "answers" | "answersOverKept">;
};
