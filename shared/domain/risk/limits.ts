import type { Money } from "../market/money.ts";
import { usd } from "../market/money.ts";

/** What the guard holds every entry to. Percentages are of the account's equity. */
export type Limits = {
  /** Largest absolute exposure in one symbol: position, working and reserved together. */
  readonly maxPositionSize: Money;
  readonly maxNotionalPerOrder: Money;
  readonly maxPortfolioExposurePct: number;
  readonly maxConcentrationPerSymbolPct: number;
  /** Largest distance of an order's price from the last known price. */
  readonly maxPriceDeviationPct: number;
  readonly minCooldownMinutes: number;
  readonly maxEntriesPerDay: number;
  /** Claims that may be unsettled at once; also what bounds the control cell's size. */
  readonly maxInFlight: number;
  /** A quote older than this is stale for an entry, by the exchange's time stamp. */
  readonly maxQuoteAgeMs: number;
  /** An account reading older than this is stale for an entry. */
  readonly maxAccountAgeMs: number;
  readonly allowShortSelling: boolean;
  /** Loss since the session's first reading, of equity, at which only exits are allowed. */
  readonly maxDailyLossPct: number;
  /** Loss from the highest equity ever read at which only exits are allowed. */
  readonly maxDrawdownPct: number;
  /** So many rejects of one symbol for one reason in a session stop its entries. */
  readonly rejectsToLatch: number;
};

/** The defaults of the trade guard (S2), and bounds that the requirement leaves open. */
export const DEFAULT_LIMITS: Limits = {
  maxPositionSize: usd(500),
  maxNotionalPerOrder: usd(2_000),
  maxPortfolioExposurePct: 30,
  maxConcentrationPerSymbolPct: 15,
  maxPriceDeviationPct: 5,
  minCooldownMinutes: 5,
  maxEntriesPerDay: 200,
  maxInFlight: 64,
  maxQuoteAgeMs: 90_000,
  maxAccountAgeMs: 150_000,
  allowShortSelling: false,
  maxDailyLossPct: 3,
  maxDrawdownPct: 10,
  rejectsToLatch: 3,
};
