import { withNamed, withoutNamed } from "../listed-record.ts";
import { addMoney, notional, subtractMoney } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { type Quantity, ZERO_SHARES } from "../market/quantity.ts";
import { type BrokerLeg, isLiveStatus } from "../orders/broker-state.ts";
import { type ClientOrderId, sessionOfClientOrderId } from "../orders/client-order-id.ts";
import { signOf } from "../orders/order-intent.ts";
import { type Claim, type ControlCell, type DayCounters, holdingOf } from "./control-cell.ts";
import { nextCell } from "./next-cell.ts";
import { type CumulativeFill, fillBetween, tradeHolding } from "./trade-holding.ts";

/**
 * What is known of an order that was claimed; `neverSent` is certain that it is not there, and
 * `forgotten` was there once, and is not any more, or is another, by the broker's word and a
 * person's.
 */
export type ClaimProgress =
  | { readonly type: "unknown" }
  | { readonly type: "neverSent" }
  | { readonly type: "forgotten" }
  | {
      readonly type: "reported";
      /** The order itself can fill no more; its bracket may. */
      readonly isOver: boolean;
      /** Cumulative, as the broker counts. */
      readonly cumulativeFilled: Quantity;
      /** Average of everything filled; null while nothing is. */
      readonly averagePrice: Price | null;
      readonly legs: readonly BrokerLeg[];
    };

type Report = Extract<ClaimProgress, { type: "reported" }>;

/**
 * Applies what is known of a claimed order. Fills of the order and of its bracket move the holding
 * by their cumulative quantities; `unknown` keeps the whole reservation; an order that is over is
 * released, but stays as `protecting` while the broker holds its bracket, and without `protection`
 * where that has lost its stop; `neverSent` also takes back the cooldown and the day's count, and
 * `forgotten` leaves what it has filled.
 * Repeated or older reports change nothing, and an order that is not in flight is left alone.
 */
export const progressClaim = (
  cell: ControlCell,
  clientOrderId: ClientOrderId,
  progress: ClaimProgress,
  nowMs: number,
): ControlCell => {
  const claim = cell.inFlight[clientOrderId];
  if (claim === undefined) return cell;
  switch (progress.type) {
    case "unknown":
      return claim.stage === "claimed" ? keep(cell, { ...claim, stage: "unknown" }) : cell;
    case "neverSent":
      return withdraw(cell, claim);
    case "forgotten":
      return nextCell(cell, { inFlight: withoutNamed(cell.inFlight, clientOrderId) });
    case "reported":
      return afterReport(cell, claim, progress, nowMs);
  }
};

/** Notes since when the broker has denied knowing a claimed order; the first time stands. */
export const noteAbsence = (
  cell: ControlCell,
  clientOrderId: ClientOrderId,
  nowMs: number,
): ControlCell => {
  const claim = cell.inFlight[clientOrderId];
  if (claim === undefined || claim.absentSinceMs !== null) return cell;
  return keep(cell, { ...claim, absentSinceMs: nowMs });
};

const keep = (cell: ControlCell, claim: Claim): ControlCell =>
  nextCell(cell, { inFlight: withNamed(cell.inFlight, claim.clientOrderId, claim) });

const afterReport = (
  cell: ControlCell,
  claim: Claim,
  report: Report,
  nowMs: number,
): ControlCell => {
  // Nearly every report of every minute says what is known.
  if (isKnown(claim, report)) return cell;
  const liveLegIds = report.legs.filter(isLive).map(({ brokerOrderId }) => brokerOrderId);
  const stage = stageOf(report);
  const protection = isBare(report) ? null : claim.protection;
  const fills = fillsOf(claim, report);
  const moved: Claim = { ...claim, ...fills, stage, liveLegIds, protection, absentSinceMs: null };
  const traded = tradeFills(cell, claim, moved, nowMs);
  const others = withoutNamed(cell.inFlight, claim.clientOrderId);
  const isDone = report.isOver && liveLegIds.length === 0;
  return nextCell(cell, {
    ...traded,
    inFlight: isDone ? others : withNamed(others, claim.clientOrderId, moved),
  });
};

/** Cumulative quantities only rise: an older report leaves what is known. */
const fillsOf = (
  claim: Claim,
  report: Report,
): Pick<Claim, "filled" | "filledPrice" | "closed" | "closedPrice"> => {
  const isNewer = isFurther(claim, report);
  const closing = closedBy(report.legs);
  const isMore = closing.quantity > claim.closed;
  return {
    filled: isNewer ? report.cumulativeFilled : claim.filled,
    filledPrice: isNewer ? report.averagePrice : claim.filledPrice,
    closed: isMore ? closing.quantity : claim.closed,
    closedPrice: isMore ? closing.averagePrice : claim.closedPrice,
  };
};

const isFurther = (claim: Claim, report: Report): boolean =>
  report.cumulativeFilled > claim.filled && report.averagePrice !== null;

/** What a bracket's legs have closed together, at their common average. */
export const closedBy = (legs: readonly BrokerLeg[]): CumulativeFill => {
  if (!legs.some(isFilled)) return NOTHING_CLOSED;
  const filled = legs.filter(isFilled);
  const quantity = filled.reduce((sum, leg) => sum + leg.filled, 0);
  const average = filled.reduce(
    (sum, leg) => sum + (leg.averagePrice ?? 0) * (leg.filled / quantity),
    0,
  );
  return { quantity: quantity as Quantity, averagePrice: Math.round(average) as Price };
};

const isFilled = (leg: BrokerLeg): boolean => leg.filled > 0 && leg.averagePrice !== null;

const NOTHING_CLOSED: CumulativeFill = { quantity: ZERO_SHARES, averagePrice: null };

/**
 * Whether a leg is no stop that works, has filled or was moved: the broker's page moves one by
 * replacing it, and then it stands under another name.
 */
const isNoStop = ({ role, status }: BrokerLeg): boolean =>
  role !== "stop" || status === "cancelled" || status === "rejected" || status === "expired";

/** What is left of a bracket without its stop protects nothing: it only may close. */
const isBare = ({ isOver, legs }: Report): boolean =>
  isOver && legs.some(isLive) && legs.every(isNoStop);

const isLive = ({ status }: BrokerLeg): boolean => isLiveStatus(status);

const stageOf = ({ isOver }: Report): Claim["stage"] => (isOver ? "protecting" : "working");

/** Whether a report would leave the claim as it is. */
const isKnown = (claim: Claim, report: Report): boolean =>
  claim.stage === stageOf(report) &&
  claim.absentSinceMs === null &&
  !isFurther(claim, report) &&
  !(closedBy(report.legs).quantity > claim.closed) &&
  isLiveAsKnown(claim.liveLegIds, report.legs) &&
  (claim.protection === null || !isBare(report));

const isLiveAsKnown = (liveLegIds: readonly string[], legs: readonly BrokerLeg[]): boolean => {
  let count = 0;
  for (const leg of legs) {
    if (!isLive(leg)) continue;
    if (leg.brokerOrderId !== liveLegIds[count]) return false;
    count++;
  }
  return count === liveLegIds.length;
};

/** Moves what the order bought (or sold short) in, and what its bracket closed out again. */
const tradeFills = (
  cell: ControlCell,
  before: Claim,
  after: Claim,
  nowMs: number,
): Pick<ControlCell, "holdings" | "day" | "cashFlow"> => {
  let cashFlow = cell.cashFlow;
  let holding = holdingOf(cell, before.symbol);
  let day = cell.day;
  const direction = signOf(before.side);
  const fills = [
    {
      sign: direction,
      fill: fillBetween(
        { quantity: before.filled, averagePrice: before.filledPrice },
        { quantity: after.filled, averagePrice: after.filledPrice },
      ),
    },
    {
      sign: -direction,
      fill: fillBetween(
        { quantity: before.closed, averagePrice: before.closedPrice },
        { quantity: after.closed, averagePrice: after.closedPrice },
      ),
    },
  ];
  for (const { sign, fill } of fills) {
    if (fill === undefined) continue;
    const signed = (sign * fill.quantity) as Quantity;
    const traded = tradeHolding(holding, signed, fill.price, nowMs);
    holding = traded.holding;
    cashFlow = subtractMoney(cashFlow, notional(fill.price, signed));
    if (day !== null) {
      day = { ...day, realizedProfit: addMoney(day.realizedProfit, traded.realized) };
    }
  }
  // What moves no shares leaves the holdings as they are, and all that was summed up of them.
  const holdings =
    cell.holdings[before.symbol] === holding
      ? cell.holdings
      : withNamed(cell.holdings, before.symbol, holding);
  return { holdings, day, cashFlow };
};

/** The count of the session that the claim was made in; another one's never counted it. */
const withoutEntry = (day: DayCounters | null, { clientOrderId }: Claim): DayCounters | null =>
  day?.sessionDate.replaceAll("-", "") === sessionOfClientOrderId(clientOrderId)
    ? { ...day, entries: Math.max(0, day.entries - 1) }
    : day;

/** As if the claim had never been made: what was not sent is no entry. */
const withdraw = (cell: ControlCell, claim: Claim): ControlCell => {
  const inFlight = withoutNamed(cell.inFlight, claim.clientOrderId);
  if (claim.purpose === "exit") return nextCell(cell, { inFlight });
  const holding = holdingOf(cell, claim.symbol);
  const lastEntryAtMs =
    holding.lastEntryAtMs === claim.claimedAtMs ? claim.entryBeforeMs : holding.lastEntryAtMs;
  return nextCell(cell, {
    inFlight,
    holdings: withNamed(cell.holdings, claim.symbol, { ...holding, lastEntryAtMs }),
    day: withoutEntry(cell.day, claim),
  });
};
