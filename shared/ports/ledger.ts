import type { Result } from "../domain/result.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { Order } from "../domain/orders/order.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { StopWish } from "../domain/risk/rebuild-cell.ts";

/** The ledger did not answer or the answer was lost. The write may or may not have happened. */
export type LedgerUnavailable = { readonly type: "LedgerUnavailable"; readonly detail: string };

/** What is stored is not what was written: a checksum or the schema does not hold. */
export type LedgerCorrupt = {
  readonly type: "LedgerCorrupt";
  readonly key: string;
  readonly detail: string;
};

/**
 * Someone else wrote first. `current` is the cell as it stands, to tell whether it was ourselves.
 */
export type CellConflict = {
  readonly type: "CellConflict";
  readonly current: ControlCell | undefined;
};

/** What stands where a cell should be, and cannot be read as one. */
export type DamagedCell = {
  /** As it is stored; null where no text is. */
  readonly text: string | null;
  /** SHA-256 of the text, in hexadecimal. */
  readonly digest: string;
  /** What conditions compare; null where it is not there. */
  readonly version: number | null;
  readonly epoch: number | null;
  /** What the text seems to say. Good for being more careful, never for being less. */
  readonly hints: CellHints;
};

/** What can still be made out of a damaged cell; any of it may be wrong. */
export type CellHints = {
  readonly version: number | undefined;
  readonly epoch: number | undefined;
  readonly activeRegion: string | undefined;
  readonly wish: StopWish;
};

/** Another one has written since the damage was looked at. */
export type DamageGone = { readonly type: "DamageGone" };

/** Other events are stored under this number already. */
export type EventConflict = { readonly type: "EventConflict" };

/** The ledger failed. */
export type LedgerFault = LedgerUnavailable | LedgerCorrupt;

/**
 * The truth of an account: one control cell, and of every order its append-only events. Reads are
 * strongly consistent. Each write is one conditional write on one item.
 */
export type Ledger = {
  /** The account's cell, or `undefined` where it was never opened. */
  readonly loadCell: (account: string) => Promise<Result<ControlCell | undefined, LedgerFault>>;
  /**
   * Stores the cell if the stored one still has exactly this version and epoch (0 and 0: none is
   * stored). The stored version becomes `next.version`, which is one more.
   */
  readonly saveCell: (
    next: ControlCell,
    expected: { readonly version: number; readonly epoch: number },
  ) => Promise<Result<void, LedgerFault | CellConflict>>;
  /**
   * What is damaged in place of the cell; `undefined` where none is stored, `whole` if it can be
   * read.
   */
  readonly readDamagedCell: (
    account: string,
  ) => Promise<Result<DamagedCell | "whole" | undefined, LedgerUnavailable>>;
  /**
   * Stores a rebuilt cell in one write, if what is stored is still exactly `damaged`, or still
   * nothing where that is undefined.
   */
  readonly replaceDamagedCell: (
    next: ControlCell,
    damaged: DamagedCell | undefined,
  ) => Promise<Result<void, LedgerUnavailable | DamageGone>>;
  /**
   * Stores events of an order in one write under the number of the first (0 for the intent), if
   * that number is free. The next number is `sequence + events.length`, the order's `eventCount`.
   * A number that the history does not reach yet is `LedgerCorrupt`: something is lost.
   */
  readonly appendEvents: (
    clientOrderId: ClientOrderId,
    sequence: number,
    events: readonly OrderEvent[],
  ) => Promise<Result<void, LedgerFault | EventConflict>>;
  /** The order with this id, folded from its events; `undefined` if it has none. */
  readonly loadOrder: (
    clientOrderId: ClientOrderId,
  ) => Promise<Result<Order | undefined, LedgerFault>>;
  /** Every event of an order, oldest first. */
  readonly loadEvents: (
    clientOrderId: ClientOrderId,
  ) => Promise<Result<readonly OrderEvent[], LedgerFault>>;
  /** The account's orders of a session, newest decision first, at most `limit`. */
  readonly listOrders: (
    account: string,
    sessionDate: SessionDate,
    limit: number,
  ) => Promise<Result<readonly Order[], LedgerFault>>;
};
