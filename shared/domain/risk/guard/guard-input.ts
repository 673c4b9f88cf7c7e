import type { Session } from "../../market/calendar.ts";
import type { QuotedPrice } from "../../market/quote.ts";
import type { BrokerOrder, BrokerPosition } from "../../orders/broker-state.ts";
import type { OrderIntent } from "../../orders/order-intent.ts";
import type { ControlCell } from "../control-cell.ts";

/** Everything a decision rests on. `undefined` is missing, and missing denies. */
export type GuardInput = {
  readonly intent: OrderIntent;
  readonly cell: ControlCell;
  /** The last known quote of the intent's symbol, read when the order is about to be sent. */
  readonly quote: QuotedPrice | undefined;
  /** The session that `nowMs` falls into, regular hours only; undefined when closed. */
  readonly session: Session | undefined;
  /** The Region that asks. */
  readonly region: string;
  readonly nowMs: number;
  /** Read of the broker for an exit whose books are restored, or not known to agree with it. */
  readonly atBroker?: AtBroker | undefined;
};

/**
 * What the broker itself showed for one decision: its open orders first, which only restored books
 * need, then its positions.
 */
export type AtBroker = {
  readonly openOrders: readonly BrokerOrder[];
  readonly positions: readonly BrokerPosition[];
};
