import type { Money } from "../domain/market/money.ts";
import type { Price } from "../domain/market/price.ts";
import type { Quantity } from "../domain/market/quantity.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { OrderIntent, Side } from "../domain/orders/order-intent.ts";
import type { Approved } from "../domain/risk/guard.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault } from "./vendor-fault.ts";

/** Where the broker says an order stands; `unlisted` is a status nobody has documented. */
export type BrokerOrderStatus =
  | "pending"
  | "working"
  | "partiallyFilled"
  | "filled"
  | "cancelled"
  | "expired"
  | "rejected"
  | "replaced"
  | "unlisted";

/** An order as the broker has it. */
export type BrokerOrder = {
  readonly brokerOrderId: string;
  /** As the broker holds it; not necessarily one of ours. */
  readonly clientOrderId: string;
  readonly symbol: Ticker;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly pricing: "market" | "limit" | "other";
  readonly limitPrice: Price | null;
  readonly status: BrokerOrderStatus;
  /** The broker's own word for the status. */
  readonly statusText: string;
  /** Cumulative. */
  readonly filled: Quantity;
  readonly averagePrice: Price | null;
  readonly submittedAtMs: number | null;
};

/** A position as the broker has it; short is negative. */
export type BrokerPosition = {
  readonly symbol: Ticker;
  readonly quantity: Quantity;
  readonly averagePrice: Price;
  /** Shares not held by working orders, unsigned. */
  readonly available: Quantity;
  readonly currentPrice: Price | null;
};

/** The account as the broker has it. */
export type BrokerAccount = {
  readonly equity: Money;
  readonly lastEquity: Money;
  readonly cash: Money;
  readonly buyingPower: Money;
  /** The broker itself refuses orders: blocked, suspended or restricted. */
  readonly isBlocked: boolean;
  readonly canShort: boolean;
};

/** What the answer to a submission means; anything that is not certain is `unknown`. */
export type SubmitOutcome =
  | { readonly type: "acknowledged"; readonly order: BrokerOrder }
  /** "must be unique": it landed before, and this is the order that has the id. */
  | { readonly type: "alreadyExists"; readonly order: BrokerOrder }
  | { readonly type: "rejected"; readonly code: string; readonly detail: string }
  | { readonly type: "unauthorized"; readonly detail: string }
  | { readonly type: "notSent"; readonly detail: string; readonly retryAtMs?: number }
  | { readonly type: "unknown"; readonly detail: string };

/** The broker's answer about one order; `notFound` is its word, not yet proof. */
export type OrderLookup =
  | { readonly type: "found"; readonly order: BrokerOrder }
  | { readonly type: "notFound" };

/** The broker's clock; an answer older than 60 s counts as unknown, and unknown is closed. */
export type BrokerClock = {
  readonly atMs: number;
  readonly isOpen: boolean;
  readonly nextOpenMs: number;
  readonly nextCloseMs: number;
};

/** The one that holds the orders and the positions: the truth above the ledger. */
export type Broker = {
  /** Only an order that the guard approved can be sent; never throws, never retries by itself. */
  readonly submitOrder: (
    approved: Approved<OrderIntent>,
    deadlineMs: number,
  ) => Promise<SubmitOutcome>;
  readonly findOrder: (clientOrderId: ClientOrderId) => Promise<Result<OrderLookup, VendorFault>>;
  readonly listOpenOrders: () => Promise<Result<readonly BrokerOrder[], VendorFault>>;
  /** A failed read is a fault, never "flat". */
  readonly listPositions: () => Promise<Result<readonly BrokerPosition[], VendorFault>>;
  readonly readAccount: () => Promise<Result<BrokerAccount, VendorFault>>;
  readonly readClock: () => Promise<Result<BrokerClock, VendorFault>>;
  /** Asks for a cancellation; ok means asked, not done. */
  readonly cancelOrder: (brokerOrderId: string) => Promise<Result<void, VendorFault>>;
};
