import type { AskedVendor } from "../../domain/market/vendor-policy.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { CallLimits, SnapshotAnswer, VendorMarketData } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";

/**
 * What came of asking a vendor; `refused` is a breaker or a budget that kept it from being asked.
 */
export type AskResult =
  | { readonly type: "answered"; readonly answer: SnapshotAnswer }
  | { readonly type: "failed"; readonly fault: VendorFault }
  | { readonly type: "refused"; readonly reason: string };

/** A vendor as the gateway asks it: once, behind its breaker and its time-out. */
export type GatewayVendor = {
  readonly vendor: AskedVendor;
  /** Its source: vendors of one source do not confirm each other. */
  readonly origin: string;
  readonly symbolsPerRequest: number;
  /** The latency that this share of its snapshots stays under; `undefined` if it has none yet. */
  readonly usualMs: (share: number) => number | undefined;
  /** Answers so far, and those over a connection that stood. */
  readonly connections?: VendorMarketData["connections"];
  /** Whether its breaker lets everything through; absent where there is none. */
  readonly isWell?: () => boolean;
  /** Opens connections for a poll of so many symbols, should it be asked; waits for nothing. */
  readonly prepare?: VendorMarketData["prepare"];
  /** Never rejects. */
  readonly ask: (symbols: readonly Ticker[], limits: CallLimits) => Promise<AskResult>;
  /** The volatility index in points; `undefined` where the vendor has none or cannot be asked. */
  readonly askVolatilityIndex: (limits: CallLimits) => Promise<number | undefined>;
};
