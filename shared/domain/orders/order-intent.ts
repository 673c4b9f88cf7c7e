import type { Price } from "../market/price.ts";
import type { Quantity } from "../market/quantity.ts";
import type { VendorName } from "../market/quote.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "../signals/direction.ts";
import type { ClientOrderId } from "./client-order-id.ts";

/** Which way an order trades; selling short is a `sell` from a flat or short position. */
export type Side = "buy" | "sell";

/** Whether an order may add risk (`entry`) or can only reduce it (`exit`). */
export type Purpose = "entry" | "exit";

/** Which order of a decision this is; `flatten` is an exit that an operator asked for. */
export type Leg = "entry" | "exit" | "flatten";

/** How an order is priced at the broker. */
export type Pricing =
  | { readonly type: "market" }
  | { readonly type: "limit"; readonly limitPrice: Price };

/** Where the broker itself closes a position if we no longer can: a bracket around the entry. */
export type Protection = {
  /** A stop order's trigger, on the losing side of the entry. */
  readonly stopPrice: Price;
  /** A limit order's price, on the winning side. */
  readonly targetPrice: Price;
};

/** What a decision looked at, kept with the order for ever so that it can always be explained. */
export type DecisionBasis = {
  /** Null for an exit that went on without any price. */
  readonly quote: {
    readonly source: VendorName;
    readonly bid: Price;
    readonly ask: Price;
    readonly exchangeTimeMs: number;
  } | null;
  /** Null where no score was involved. */
  readonly score: {
    readonly direction: Direction;
    readonly conviction: number;
    readonly freshness: number;
    readonly components: readonly { readonly name: string; readonly value: number }[];
    readonly missing: readonly string[];
  } | null;
};

/** A decision to trade, before anything has checked it. Immutable and kept for ever. */
export type OrderIntent = {
  readonly clientOrderId: ClientOrderId;
  readonly strategy: string;
  readonly account: string;
  readonly symbol: Ticker;
  readonly sessionDate: SessionDate;
  readonly side: Side;
  readonly purpose: Purpose;
  /** Positive, whole shares. */
  readonly quantity: Quantity;
  readonly pricing: Pricing;
  /** Entries carry their stop and target to the broker; null for exits. */
  readonly protection: Protection | null;
  /** The price that the decision saw; the guard compares it with what the market says later. */
  readonly referencePrice: Price;
  readonly decidedAtMs: number;
  /** The intent may not be sent after this moment, epoch milliseconds. */
  readonly validUntilMs: number;
  /** Why, in words for the operator: `score 4.12 bullish`, `stop`. */
  readonly reason: string;
  /** The composite score that the decision rests on, 0..8; null where no score was involved. */
  readonly score: number | null;
  /** Absent in older histories, and where an operator's wish alone decided. */
  readonly basis?: DecisionBasis | undefined;
};

/** +1 for a buy, -1 for a sell: the sign that a fill adds to the position. */
export const signOf = (side: Side): 1 | -1 => (side === "buy" ? 1 : -1);
