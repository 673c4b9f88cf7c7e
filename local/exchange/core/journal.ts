import type { Money } from "../../../shared/domain/market/money.ts";
import type { Fill } from "./fill.ts";
import type { Order } from "./order.ts";
import type { Position } from "./position.ts";

/** What the exchange knows of the account beside orders, positions and fills. */
export type AccountState = {
  readonly cash: Money;
  /** Equity at the last close. */
  readonly lastEquity: Money;
  readonly suspendTrade: boolean;
  readonly noShorting: boolean;
  readonly orderSequence: number;
  readonly fillSequence: number;
  readonly createdAtMs: number;
  /** The latest time that the exchange has seen. */
  readonly nowMs: number;
};

/** What one acknowledged request or one quote changed; a position of 0 shares is gone. */
export type ExchangeChange = {
  readonly account: AccountState;
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
  readonly fills: readonly Fill[];
};

/**
 * Keeps changes. `commit` returns only when the change is durable as a whole, and throws otherwise;
 * `load` returns everything kept as one change, or `undefined` if there is nothing yet.
 */
export type ExchangeJournal = {
  readonly load: () => ExchangeChange | undefined;
  readonly commit: (change: ExchangeChange) => void;
};
