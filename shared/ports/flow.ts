import type { MarketFlow } from "../domain/signals/flow.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault, VendorFaultClass } from "./vendor-fault.ts";

/** Options flow, dark pool and the other evidence of the scoring model. */
export type Flow = {
  /** What is known of the symbols and of the market; what is not known is absent from it. */
  readonly fetchEvidence: (symbols: readonly Ticker[]) => Promise<Result<MarketFlow, VendorFault>>;
  /**
   * What the last fetch could not read, at most 20; absent where that is told in no other way. A
   * promise, as of every method of a port that may be broken on purpose: that type asks for it.
   */
  readonly gaps?: () => Promise<readonly FlowGap[]>;
};

/** Evidence that is absent because the vendor failed, not because there is none. */
export type FlowGap = {
  readonly endpoint: string;
  /** `null` where it concerns all symbols. */
  readonly symbol: Ticker | null;
  /** `null` where nothing failed: a full list, or a quota that is saved. */
  readonly class: VendorFaultClass | null;
  /** A sentence without secrets. */
  readonly detail: string;
};
