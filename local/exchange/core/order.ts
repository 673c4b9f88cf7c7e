import type { Money } from "../../../shared/domain/market/money.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import { subtractQuantities, type Quantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";

/** Whether shares come or go, as Alpaca spells it. */
export type OrderSide = "buy" | "sell";
type OrderType = "market" | "limit" | "stop" | "stop_limit";
/** How long an order is good for, as Alpaca spells it. */
export type TimeInForce = "day" | "gtc" | "opg" | "cls" | "ioc" | "fok";
type OrderClass = "simple" | "bracket" | "oco" | "oto";
/** Whether an order opens a position or closes one, as Alpaca spells it. */
export type PositionIntent = "buy_to_open" | "buy_to_close" | "sell_to_open" | "sell_to_close";

/** The statuses that this exchange gives, spelt as Alpaca spells them. */
export type OrderStatus =
  | "accepted"
  | "pending_new"
  | "new"
  | "held"
  | "partially_filled"
  | "pending_cancel"
  | "filled"
  | "canceled"
  | "expired"
  | "replaced";

/** What an order does in its group; an OCO pair is a take-profit with a stop-loss and no entry. */
export type OrderRole = "single" | "entry" | "takeProfit" | "stopLoss";

/** What a client asks for. Either `quantity` or `notional` is given; prices as the type needs. */
export type OrderRequest = {
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity?: Quantity | undefined;
  readonly notional?: Money | undefined;
  readonly limitPrice?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  readonly clientOrderId?: string | undefined;
  readonly orderClass?: OrderClass | undefined;
  /** Refused where the account's position makes it something else. */
  readonly positionIntent?: PositionIntent | undefined;
  readonly extendedHours?: boolean | undefined;
  readonly takeProfit?: { readonly limitPrice: Price } | undefined;
  readonly stopLoss?:
    | { readonly stopPrice: Price; readonly limitPrice?: Price | undefined }
    | undefined;
};

/** What a replacement may change; what is absent stays. */
export type ReplaceRequest = {
  readonly quantity?: Quantity | undefined;
  readonly limitPrice?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  readonly timeInForce?: TimeInForce | undefined;
  readonly clientOrderId?: string | undefined;
};

/** An order as the exchange knows it; never changed, only replaced by its successor in time. */
export type Order = {
  readonly id: string;
  /** Counts submissions from 1; orders list by it. */
  readonly sequence: number;
  readonly clientOrderId: string;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly orderClass: OrderClass;
  readonly role: OrderRole;
  readonly positionIntent: PositionIntent;
  readonly quantity: Quantity;
  /** Set when the order was placed by value; `quantity` is then what the value bought. */
  readonly notional: Money | undefined;
  readonly limitPrice: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly extendedHours: boolean;
  readonly status: OrderStatus;
  /** Cumulative. */
  readonly filledQuantity: Quantity;
  /** The sum of price times quantity over all fills. */
  readonly filledNotional: Money;
  /** Whether a stop's price was reached, so that it now works as a market or limit order. */
  readonly isTriggered: boolean;
  /** What one share reserves of the buying power while the order works. */
  readonly reservePrice: Price;
  readonly parentId: string | undefined;
  readonly legIds: readonly string[];
  /** The other exit of a pair of which only one may fill. */
  readonly siblingId: string | undefined;
  readonly replaces: string | undefined;
  readonly replacedBy: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly filledAtMs: number | undefined;
  readonly canceledAtMs: number | undefined;
  readonly expiredAtMs: number | undefined;
  readonly replacedAtMs: number | undefined;
  /** From when on it may fill. */
  readonly activeFromMs: number;
  readonly expiresAtMs: number;
  /** When a requested cancellation takes effect. */
  readonly cancelDueAtMs: number | undefined;
};

/** Whether the order can still change without a new request. */
export const isOpen = (order: Order): boolean => {
  switch (order.status) {
    case "accepted":
    case "pending_new":
    case "new":
    case "held":
    case "partially_filled":
    case "pending_cancel":
      return true;
    case "filled":
    case "canceled":
    case "expired":
    case "replaced":
      return false;
  }
};

/** Whether the order stands in the book, where a quote may fill it. */
export const isWorking = (order: Order): boolean =>
  order.status === "new" ||
  order.status === "partially_filled" ||
  order.status === "pending_cancel";

/** Whether filling the order opens or adds to a position, and so needs buying power. */
export const isOpening = (order: Order): boolean =>
  order.positionIntent === "buy_to_open" || order.positionIntent === "sell_to_open";

/** What is left to fill. */
export const remainingQuantity = (order: Order): Quantity =>
  subtractQuantities(order.quantity, order.filledQuantity);

/** The other side. */
export const oppositeSide = (side: OrderSide): OrderSide => (side === "buy" ? "sell" : "buy");
