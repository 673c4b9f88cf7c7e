import type { OrderSeal } from "../domain/audit/order-seal.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { Result } from "../domain/result.ts";
import type { LedgerFault } from "./ledger.ts";

/** Where a stored run of an order's events ends. */
export type HistoryEnd = { readonly events: number; readonly head: string };

/** The digests of orders' histories in the ledger, strongly consistent. */
export type OrderSeals = {
  /**
   * Orders of the session that were decided at `fromMinute` (`0935`) or later, oldest first; without
   * those whose history is damaged, which must not keep the others from being sealed.
   */
  readonly listSince: (
    account: string,
    sessionDate: SessionDate,
    fromMinute: string,
  ) => Promise<Result<readonly OrderSeal[], LedgerFault>>;
  /** The order's seal as it would be now; undefined if it has no history. */
  readonly load: (
    clientOrderId: ClientOrderId,
  ) => Promise<Result<OrderSeal | undefined, LedgerFault>>;
  /** The end of each stored run of its events, oldest first. */
  readonly loadEnds: (
    clientOrderId: ClientOrderId,
  ) => Promise<Result<readonly HistoryEnd[], LedgerFault>>;
};
