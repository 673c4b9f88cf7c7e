import type { Snapshot } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault } from "./vendor-fault.ts";

/** What a vendor said about the symbols it was asked for. */
export type SnapshotAnswer = {
  readonly snapshots: readonly Snapshot[];
  /** Asked for and not in the answer: not the same as an error. */
  readonly missing: readonly Ticker[];
  /** In the answer, but not as the vendor's contract says; the reason is a sentence. */
  readonly unreadable?: readonly UnreadableSnapshot[];
};

/** A symbol whose data could not be read while the others' could. */
export type UnreadableSnapshot = { readonly symbol: Ticker; readonly reason: string };

/** Market data of all vendors behind one door. */
export type MarketData = {
  readonly fetchSnapshots: (
    symbols: readonly Ticker[],
  ) => Promise<Result<SnapshotAnswer, VendorFault>>;
  /** The volatility index (VIX) in points; `undefined` if the vendor has none. */
  readonly fetchVolatilityIndex: () => Promise<Result<number | undefined, VendorFault>>;
};
