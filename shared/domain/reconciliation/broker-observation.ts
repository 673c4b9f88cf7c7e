import type { SessionDate } from "../market/session-date.ts";
import type { BrokerAccount, BrokerOrder, BrokerPosition } from "../orders/broker-state.ts";

/**
 * What the broker said of one claimed order. `unreadable` is no answer, and changes nothing; `lost`
 * is denied by the broker although it once acknowledged it, which is never taken for "not sent".
 */
export type Lookup = BrokerOrder | "notFound" | "lost" | "unreadable";

/**
 * What the broker said, in this order of reading: open orders, then each claimed order, then
 * positions, then the account. A fill in between then looks like an order that may still fill,
 * never like a position from nowhere.
 */
export type BrokerObservation = {
  /** Every open order, the legs of brackets among them. */
  readonly openOrders: readonly BrokerOrder[];
  /** By client order id, for every claim of the cell. */
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly positions: readonly BrokerPosition[];
  readonly account: BrokerAccount;
  readonly sessionDate: SessionDate | undefined;
  readonly atMs: number;
};
