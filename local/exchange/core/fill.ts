import type { Price } from "../../../shared/domain/market/price.ts";
import type { Quantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { OrderSide, OrderStatus } from "./order.ts";

/** One execution. `sequence` counts executions from 1 and orders them. */
export type Fill = {
  readonly executionId: string;
  readonly sequence: number;
  readonly orderId: string;
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly price: Price;
  /** What the order had filled in total after this execution. */
  readonly cumulativeQuantity: Quantity;
  readonly leavesQuantity: Quantity;
  readonly orderStatus: OrderStatus;
  readonly atMs: number;
};
