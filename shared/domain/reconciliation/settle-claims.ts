import { ZERO_SHARES } from "../market/quantity.ts";
import type { BrokerOrder } from "../orders/broker-state.ts";
import { isLiveStatus } from "../orders/broker-state.ts";
import { sessionOfClientOrderId } from "../orders/client-order-id.ts";
import { noteAbsence, progressClaim } from "../risk/progress-claim.ts";
import { countReject } from "../risk/reject-latch.ts";
import { type Claim, claimsIn, type ControlCell, holdingOf } from "../risk/control-cell.ts";
import type { BrokerObservation, Lookup } from "./broker-observation.ts";
import type { Difference } from "./difference.ts";

/**
 * How long the broker must keep denying an order before that is believed, counted from the moment
 * after which the order could not be sent any more.
 */
export const QUIET_WINDOW_MS = 60_000;

/** An order that the broker denies for longer is not what has moved a position. */
export const DENIED_FOR_LONG_MS = 10 * QUIET_WINDOW_MS;

/** A claim as it stood, and what the broker says of it. */
export type ReportedClaim = {
  readonly claim: Claim;
  readonly report: BrokerOrder;
  /** Whether the report moved the claim; what did not is in the order's history already. */
  readonly isNews: boolean;
};

/** Claims brought to what the broker says of them. */
export type SettledClaims = {
  readonly cell: ControlCell;
  /** Claims with the report that was applied. */
  readonly reported: readonly ReportedClaim[];
  /** Claims that are proven never to have reached the broker. */
  readonly absent: readonly Claim[];
  /** Claims whose order the broker denies or has another one for, and that a person gave up. */
  readonly forgotten: readonly Claim[];
  readonly differences: readonly Difference[];
};

/**
 * Applies what the broker says of every claimed order; silence and denial are no news. A claim
 * whose order is lost, or another one at the broker, stands until a person gives it up (`adopt`):
 * nothing else ever ends it, and not even that while the broker lists the lost one's bracket.
 */
export const settleClaims = (
  before: ControlCell,
  seen: BrokerObservation,
  adopt = false,
): SettledClaims => {
  let cell = before;
  const reported: ReportedClaim[] = [];
  const absent: Claim[] = [];
  const forgotten: Claim[] = [];
  const differences: Difference[] = [];
  for (const claim of claimsIn(before)) {
    const lookup = seen.lookups.get(claim.clientOrderId);
    // Claimed after the broker was read: it is reserved, and the next run's to look at.
    if (lookup === undefined) continue;
    const difference = differenceOf(claim, lookup, seen.atMs);
    const isStanding = difference?.type === "lostOrder" && isBracketListed(claim, seen);
    if (difference !== undefined && adopt && mayBeGivenUp(difference) && !isStanding) {
      cell = progressClaim(cell, claim.clientOrderId, { type: "forgotten" }, seen.atMs);
      forgotten.push(claim);
    } else if (difference !== undefined) {
      differences.push(difference);
    } else if (lookup === "notFound") {
      const denied = afterDenial(cell, claim, seen);
      cell = denied.cell;
      if (denied.isAbsent) absent.push(claim);
    } else if (lookup !== "unreadable" && lookup !== "lost") {
      const moved = afterReport(cell, claim, lookup, seen.atMs);
      reported.push({ claim, report: lookup, isNews: moved !== cell });
      cell = moved;
    }
  }
  return { cell, reported, absent, forgotten, differences };
};

/** What the broker has in an order's place only a person may believe, and nothing else ends. */
export const mayBeGivenUp = ({ type }: Difference): boolean =>
  type === "lostOrder" || type === "orderDiffers";

/** Whether its bracket works: given up, an exit would be sent beside a stop that closes as much. */
const isBracketListed = ({ liveLegIds }: Claim, { openOrders }: BrokerObservation): boolean =>
  openOrders.some(({ brokerOrderId }) => liveLegIds.includes(brokerOrderId));

/** What is wrong with an answer; `undefined` for one that can be applied. */
const differenceOf = (claim: Claim, lookup: Lookup, atMs: number): Difference | undefined => {
  const id = claim.clientOrderId;
  if (lookup === "unreadable") {
    return { type: "unreadableOrder", detail: `${id} could not be read at the broker.` };
  }
  if (lookup === "lost" || lookup === "notFound") {
    const mayBeAbsent = claim.stage === "claimed" || claim.stage === "unknown";
    if (lookup === "notFound" && mayBeAbsent) return undefined;
    const since = new Date(atMs).toISOString();
    const detail = `The broker had ${id} and denies knowing it since ${since}.`;
    return { type: "lostOrder", detail };
  }
  if (lookup.status === "unlisted" || lookup.legs.some((leg) => leg.status === "unlisted")) {
    return { type: "unlistedStatus", detail: `${id} has a status that nobody documented.` };
  }
  const isOurs =
    lookup.symbol === claim.symbol &&
    lookup.side === claim.side &&
    lookup.quantity === claim.quantity;
  return isOurs
    ? undefined
    : { type: "orderDiffers", detail: `The broker has another order under ${id}.` };
};

/**
 * Brings one claim to the broker's report of it. An entry that was taken and rejected afterwards
 * counts like one that was refused: repeated ones latch the symbol.
 */
export const afterReport = (
  cell: ControlCell,
  claim: Claim,
  report: BrokerOrder,
  atMs: number,
): ControlCell => {
  const { clientOrderId, symbol, purpose } = claim;
  const moved = progressClaim(
    cell,
    clientOrderId,
    {
      type: "reported",
      isOver: !isLiveStatus(report.status),
      cumulativeFilled: report.filled,
      averagePrice: report.averagePrice,
      legs: report.legs,
    },
    atMs,
  );
  const isRejected = report.status === "rejected" && purpose === "entry";
  const sessionDate = moved.day?.sessionDate;
  // What is of another session was counted nowhere.
  const isOfDay = sessionDate?.replaceAll("-", "") === sessionOfClientOrderId(clientOrderId);
  return moved !== cell && isRejected && sessionDate !== undefined && isOfDay
    ? countReject(moved, { symbol, code: report.statusText, sessionDate, atMs })
    : moved;
};

/**
 * "Not found" is believed only when nothing can be on its way, when it was said over a window, and
 * when the position shows nothing of the order either; of an exit in the end even then, because it
 * would keep every other one from the position: the next is cut to what the broker shows.
 */
const afterDenial = (
  cell: ControlCell,
  claim: Claim,
  seen: BrokerObservation,
): { readonly cell: ControlCell; readonly isAbsent: boolean } => {
  const { atMs } = seen;
  if (atMs <= claim.submitByMs) return { cell, isAbsent: false };
  const noted = noteAbsence(cell, claim.clientOrderId, atMs);
  const sinceMs = claim.absentSinceMs;
  if (sinceMs === null || atMs - sinceMs < QUIET_WINDOW_MS) return { cell: noted, isAbsent: false };
  const isDeniedForLong = claim.purpose === "exit" && atMs - sinceMs >= DENIED_FOR_LONG_MS;
  if (!isDeniedForLong && !isPositionKnown(noted, claim, seen)) {
    return { cell: noted, isAbsent: false };
  }
  const withdrawn = progressClaim(noted, claim.clientOrderId, { type: "neverSent" }, atMs);
  return { cell: withdrawn, isAbsent: true };
};

/** Whether the broker's position is what the ledger holds; else the order may be what moved it. */
const isPositionKnown = (cell: ControlCell, { symbol }: Claim, seen: BrokerObservation): boolean =>
  holdingOf(cell, symbol).quantity ===
  (seen.positions.find((position) => position.symbol === symbol)?.quantity ?? ZERO_SHARES);
