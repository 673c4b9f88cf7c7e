import type { Money } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import type { Quantity } from "../market/quantity.ts";
import type { Ticker } from "../market/ticker.ts";
import type { Side } from "./order-intent.ts";

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

/** An order that the broker holds for another one: half of the bracket around an entry. */
export type BrokerLeg = {
  readonly brokerOrderId: string;
  readonly role: "stop" | "target";
  readonly quantity: Quantity;
  readonly status: BrokerOrderStatus;
  /** The broker's own word for the status. */
  readonly statusText: string;
  /** Cumulative. */
  readonly filled: Quantity;
  readonly averagePrice: Price | null;
  /** The stop's trigger or the target's limit; null or absent where the broker does not say. */
  readonly price?: Price | null;
};

/**
 * One trade of an order: the broker names each once, however often or in whatever order it tells.
 */
export type Execution = {
  readonly executionId: string;
  /** The order, or the leg of a bracket, that traded. */
  readonly brokerOrderId: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly atMs: number;
};

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
  /** The bracket's stop and target; empty for a simple order. */
  readonly legs: readonly BrokerLeg[];
};

/** Whether an order with this status can still fill; a status nobody documented may. */
export const isLiveStatus = (status: BrokerOrderStatus): boolean => {
  switch (status) {
    case "pending":
    case "working":
    case "partiallyFilled":
    case "unlisted":
      return true;
    case "filled":
    case "cancelled":
    case "expired":
    case "rejected":
    case "replaced":
      return false;
  }
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
