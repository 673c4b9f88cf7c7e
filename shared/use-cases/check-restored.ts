import { type BackupFlaw, flawOf } from "../domain/backup/backup-flaw.ts";
import { checkCell } from "../domain/backup/check-cell.ts";
import { checkPositions, type FoldedFills, foldFills } from "../domain/backup/check-positions.ts";
import { RetryableError } from "../domain/fault.ts";
import { parseSessionDate } from "../domain/market/session-date.ts";
import {
  accountOfClientOrderId,
  sessionOfClientOrderId,
} from "../domain/orders/client-order-id.ts";
import type { Order } from "../domain/orders/order.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { Ledger, LedgerFault } from "../ports/ledger.ts";

/** More orders than an account may make in a session, entries and exits together. */
const ORDERS_MAX = 5_000;

/** What was learned of a restored ledger so far; plain data, to go on with later. */
export type RestoredCheck = {
  /** How many of the partitions of orders are read. */
  readonly sessions: number;
  readonly orders: number;
  readonly events: number;
  readonly fills: FoldedFills;
};

/** Nothing is read yet. */
export const NOTHING_CHECKED: RestoredCheck = { sessions: 0, orders: 0, events: 0, fills: {} };

/** What checking a restored ledger needs. */
export type CheckRestoredDeps = {
  /** The restored one. */
  readonly ledger: Ledger;
  readonly account: string;
  readonly digest: (text: string) => string;
};

/** The sessions of an account among a table's partitions: `orders#main#20131007`. */
export const sessionsOf = (partitions: readonly string[], account: string): readonly string[] =>
  partitions.filter((partition) => partition.startsWith(`orders#${account}#`)).toSorted();

/**
 * Reads the orders of the next sessions while there is time: every history by its seals and its
 * chain, every id once and where it belongs. Returns what is wrong, the first of each session.
 */
export const checkSessions = async (
  deps: CheckRestoredDeps,
  partitions: readonly string[],
  start: RestoredCheck,
  hasTime: () => boolean,
): Promise<{ readonly check: RestoredCheck; readonly flaws: readonly BackupFlaw[] }> => {
  const { cell, flaws: cellFlaws } = await readCell(deps);
  if (cellFlaws.length > 0) return { check: start, flaws: cellFlaws };
  const sessions = sessionsOf(partitions, deps.account);
  const flaws: BackupFlaw[] = [];
  let check = start;
  while (check.sessions < sessions.length && hasTime()) {
    const partition = sessions[check.sessions] ?? "";
    const digits = partition.slice(-8);
    const date = parseSessionDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
    if (date === undefined) {
      flaws.push(flawOf("meaning", partition, `${partition} is the partition of no session.`));
      check = { ...check, sessions: check.sessions + 1 };
      continue;
    }
    const listed = await deps.ledger.listOrders(deps.account, date, ORDERS_MAX);
    const orders = listed.ok ? listed.value : [];
    if (!listed.ok) flaws.push(flawFrom(listed.error));
    flaws.push(...flawsOfOrders(orders, deps.account, digits));
    check = {
      sessions: check.sessions + 1,
      orders: check.orders + orders.length,
      events: check.events + orders.reduce((sum, { eventCount }) => sum + eventCount, 0),
      fills: foldFills(check.fills, orders, cell),
    };
  }
  return { check, flaws };
};

/** Checks the cell against what the orders of all sessions came to. */
export const checkFolded = async (
  deps: CheckRestoredDeps,
  { fills }: RestoredCheck,
  accepted: FoldedFills,
): Promise<readonly BackupFlaw[]> => {
  const { cell, flaws } = await readCell(deps);
  if (cell === undefined) return flaws;
  return [...checkCell(cell, deps.digest), ...checkPositions(cell, fills, accepted)];
};

const readCell = async ({
  ledger,
  account,
}: CheckRestoredDeps): Promise<{
  readonly cell: ControlCell | undefined;
  readonly flaws: readonly BackupFlaw[];
}> => {
  const loaded = await ledger.loadCell(account);
  return loaded.ok
    ? { cell: loaded.value, flaws: [] }
    : { cell: undefined, flaws: [flawFrom(loaded.error)] };
};

const flawFrom = (fault: LedgerFault): BackupFlaw => {
  if (fault.type === "LedgerCorrupt") {
    return flawOf("meaning", fault.key, `${fault.key} is damaged: ${fault.detail}`);
  }
  throw new RetryableError(`The restored table was not read: ${fault.detail}`);
};

/** An id belongs to one session and one broker's order, and both stand once. */
const flawsOfOrders = (
  orders: readonly Order[],
  account: string,
  session: string,
): readonly BackupFlaw[] => {
  const ids = new Set<string>();
  const brokerIds = new Set<string>();
  return orders.flatMap(({ intent, brokerOrderId }) => {
    const { clientOrderId } = intent;
    const isDoubled =
      ids.has(clientOrderId) || (brokerOrderId !== null && brokerIds.has(brokerOrderId));
    ids.add(clientOrderId);
    if (brokerOrderId !== null) brokerIds.add(brokerOrderId);
    const isAtHome =
      accountOfClientOrderId(clientOrderId) === account &&
      sessionOfClientOrderId(clientOrderId) === session;
    return [
      ...(isDoubled
        ? [flawOf("meaning", clientOrderId, `The order ${clientOrderId} stands twice.`)]
        : []),
      ...(isAtHome
        ? []
        : [flawOf("meaning", clientOrderId, `${clientOrderId} stands in another session.`)]),
    ];
  });
};
