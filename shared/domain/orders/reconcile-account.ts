import type { SessionDate } from "../market/session-date.ts";
import { formatQuantity, type Quantity, ZERO_SHARES } from "../market/quantity.ts";
import {
  adoptHolding,
  markClean,
  markUnverified,
  noteAbsence,
  observeAccount,
  progressClaim,
} from "../risk/change-cell.ts";
import { type Claim, type ControlCell, remainingOf } from "../risk/control-cell.ts";
import type { BrokerAccount, BrokerOrder, BrokerPosition } from "./broker-state.ts";
import { type ClientOrderId, parseClientOrderId } from "./client-order-id.ts";
import { signOf } from "./order-intent.ts";

/** What the broker said of one claimed order; `unreadable` is no answer, and changes nothing. */
export type Lookup = BrokerOrder | "notFound" | "unreadable";

/**
 * What the broker said, in this order of reading: open orders, then each claimed order, then
 * positions. A fill in between then looks like an order that may still fill, never like a
 * position from nowhere.
 */
export type BrokerObservation = {
  readonly openOrders: readonly BrokerOrder[];
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly positions: readonly BrokerPosition[];
  readonly account: BrokerAccount;
  readonly sessionDate: SessionDate | undefined;
  readonly atMs: number;
};

/** Something in which ledger and broker do not agree. */
export type Difference = {
  readonly type:
    | "position"
    | "orphanOrder"
    | "externalOrder"
    | "unlistedStatus"
    | "lostOrder"
    | "unreadableOrder"
    | "accountBlocked";
  /** One sentence for the operator. */
  readonly detail: string;
};

/** An order of ours at the broker that no claim stands for. */
export type Orphan = { readonly clientOrderId: ClientOrderId; readonly brokerOrderId: string };

/** What reconciling comes to: the next cell, what was learned, and what has to be done. */
export type ReconciledAccount = {
  readonly cell: ControlCell;
  /** Claims that ended or moved, with the report that says so. */
  readonly reported: readonly { readonly claim: Claim; readonly report: BrokerOrder }[];
  /** Claims that are proven never to have reached the broker. */
  readonly absent: readonly Claim[];
  readonly orphans: readonly Orphan[];
  readonly differences: readonly Difference[];
};

/**
 * How long the broker must keep denying an order before that is believed, counted from the moment
 * after which the order could not be sent any more.
 */
export const QUIET_WINDOW_MS = 60_000;

/** Brings the cell to what the broker says, and names every difference. Pure. */
export const reconcileAccount = (
  before: ControlCell,
  seen: BrokerObservation,
): ReconciledAccount => {
  let cell = before;
  const reported: { claim: Claim; report: BrokerOrder }[] = [];
  const absent: Claim[] = [];
  const differences: Difference[] = [];
  for (const claim of Object.values(before.inFlight)) {
    const lookup = seen.lookups.get(claim.clientOrderId) ?? "unreadable";
    if (lookup === "unreadable") {
      const detail = `${claim.clientOrderId} could not be read at the broker.`;
      differences.push({ type: "unreadableOrder", detail });
      continue;
    }
    if (lookup === "notFound") {
      const outcome = afterDenial(cell, claim, seen.atMs);
      cell = outcome.cell;
      if (outcome.isAbsent) absent.push(claim);
      if (outcome.difference !== undefined) differences.push(outcome.difference);
      continue;
    }
    if (lookup.status === "unlisted") {
      const detail = `${claim.clientOrderId} has the unknown status "${lookup.statusText}".`;
      differences.push({ type: "unlistedStatus", detail });
      continue;
    }
    cell = afterReport(cell, claim, lookup, seen.atMs);
    reported.push({ claim, report: lookup });
  }
  const orphans = findOrphans(before, seen);
  differences.push(...orphanDifferences(orphans), ...externalOrders(seen));
  const compared = comparePositions(cell, seen);
  cell = compared.cell;
  differences.push(...compared.differences);
  if (seen.account.isBlocked) {
    differences.push({ type: "accountBlocked", detail: "The broker has blocked the account." });
  }
  const { equity, cash, buyingPower } = seen.account;
  const reading = { equity, cash, buyingPower, observedAtMs: seen.atMs };
  cell = observeAccount(cell, reading, seen.sessionDate);
  cell = differences.length === 0 ? markClean(cell, seen.atMs) : markUnverified(cell);
  return { cell, reported, absent, orphans, differences };
};

const afterReport = (
  cell: ControlCell,
  claim: Claim,
  report: BrokerOrder,
  atMs: number,
): ControlCell =>
  progressClaim(
    cell,
    claim.clientOrderId,
    {
      type: isOver(report) ? "ended" : "working",
      cumulativeFilled: report.filled,
      averagePrice: report.averagePrice,
    },
    atMs,
  );

const isOver = (report: BrokerOrder): boolean => {
  switch (report.status) {
    case "filled":
    case "cancelled":
    case "expired":
    case "rejected":
    case "replaced":
      return true;
    case "pending":
    case "working":
    case "partiallyFilled":
    case "unlisted":
      return false;
  }
};

/** "Not found" is believed only when nothing can be on its way and it was said over a window. */
const afterDenial = (
  cell: ControlCell,
  claim: Claim,
  atMs: number,
): {
  readonly cell: ControlCell;
  readonly isAbsent: boolean;
  readonly difference: Difference | undefined;
} => {
  if (claim.stage === "working") {
    const detail = `The broker had ${claim.clientOrderId} and now denies knowing it.`;
    return { cell, isAbsent: false, difference: { type: "lostOrder", detail } };
  }
  if (atMs <= claim.submitByMs) return { cell, isAbsent: false, difference: undefined };
  const noted = noteAbsence(cell, claim.clientOrderId, atMs);
  const sinceMs = claim.absentSinceMs;
  if (sinceMs === null || atMs - sinceMs < QUIET_WINDOW_MS) {
    return { cell: noted, isAbsent: false, difference: undefined };
  }
  return {
    cell: progressClaim(noted, claim.clientOrderId, { type: "neverSent" }, atMs),
    isAbsent: true,
    difference: undefined,
  };
};

/** Orders of this account with our name that no claim stood for before this reconciliation. */
const findOrphans = (before: ControlCell, seen: BrokerObservation): readonly Orphan[] =>
  seen.openOrders.flatMap((order) => {
    const clientOrderId = parseClientOrderId(order.clientOrderId);
    if (clientOrderId === undefined || before.inFlight[clientOrderId] !== undefined) return [];
    return [{ clientOrderId, brokerOrderId: order.brokerOrderId }];
  });

const orphanDifferences = (orphans: readonly Orphan[]): readonly Difference[] =>
  orphans.map((orphan) => ({
    type: "orphanOrder",
    detail: `${orphan.clientOrderId} is live at the broker, and no claim stands for it.`,
  }));

const externalOrders = (seen: BrokerObservation): readonly Difference[] =>
  seen.openOrders
    .filter((order) => parseClientOrderId(order.clientOrderId) === undefined)
    .map((order) => ({
      type: "externalOrder",
      detail: `Someone else has an order in ${order.symbol} at the broker: ${order.brokerOrderId}.`,
    }));

/**
 * Compares every position. With orders in flight a position may lie anywhere between none and all
 * of them filled. In a new account what the broker holds is taken over; afterwards an unexplained
 * position is a difference that stops entries. An average price is always taken over.
 */
const comparePositions = (
  start: ControlCell,
  seen: BrokerObservation,
): { readonly cell: ControlCell; readonly differences: readonly Difference[] } => {
  let cell = start;
  const differences: Difference[] = [];
  const positions = new Map(
    seen.positions.map((position) => [position.symbol as string, position]),
  );
  for (const symbol of new Set([...Object.keys(start.holdings), ...positions.keys()])) {
    const position = positions.get(symbol);
    const held = start.holdings[symbol]?.quantity ?? ZERO_SHARES;
    const actual = position?.quantity ?? ZERO_SHARES;
    const averagePrice = position?.averagePrice ?? null;
    if (actual === held) {
      if (averagePrice !== (start.holdings[symbol]?.averagePrice ?? null)) {
        cell = adoptHolding(cell, symbol, actual, averagePrice, seen.atMs);
      }
      continue;
    }
    if (isWithinReach(start, symbol, held, actual)) continue;
    if (start.reconciliation.state === "never") {
      cell = adoptHolding(cell, symbol, actual, averagePrice, seen.atMs);
    } else {
      const words = `ledger ${formatQuantity(held)}, broker ${formatQuantity(actual)}`;
      differences.push({ type: "position", detail: `${symbol}: ${words}.` });
    }
  }
  return { cell, differences };
};

/** Whether the orders in flight can explain the broker's position. */
const isWithinReach = (
  cell: ControlCell,
  symbol: string,
  held: Quantity,
  actual: Quantity,
): boolean => {
  let low: number = held;
  let high: number = held;
  for (const claim of Object.values(cell.inFlight)) {
    if (claim.symbol !== symbol) continue;
    if (signOf(claim.side) === 1) high += remainingOf(claim);
    else low -= remainingOf(claim);
  }
  return actual >= low && actual <= high;
};
