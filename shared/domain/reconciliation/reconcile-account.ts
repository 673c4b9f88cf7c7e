import { formatMoney, type Money, moneyToFloat, subtractMoney } from "../market/money.ts";
import type { BrokerOrder } from "../orders/broker-state.ts";
import { isLiveStatus } from "../orders/broker-state.ts";
import { type ClientOrderId, isIdOfAccount } from "../orders/client-order-id.ts";
import { markClean, markUnverified } from "../risk/change-cell.ts";
import { type Claim, claimsIn, type ControlCell } from "../risk/control-cell.ts";
import { observeAccount } from "../risk/observe-account.ts";
import { pruneHoldings } from "../risk/prune-holdings.ts";
import { finishFlattening, haltUnlessFlattening, reduceTrading } from "../risk/trading-state.ts";
import type { BrokerObservation } from "./broker-observation.ts";
import { comparePositions } from "./compare-positions.ts";
import { type Difference, responseTo } from "./difference.ts";
import { settleClaims, type SettledClaims } from "./settle-claims.ts";

/** An order of ours at the broker that no claim stands for. */
export type Orphan = { readonly clientOrderId: ClientOrderId; readonly brokerOrderId: string };

/** A working entry that has to go, and why. */
type Cancellation = {
  readonly clientOrderId: ClientOrderId;
  readonly brokerOrderId: string;
  readonly reason: string;
};

/** What reconciling comes to: the next cell, what was learned, and what has to be done. */
export type ReconciledAccount = Pick<SettledClaims, "reported" | "absent" | "forgotten"> & {
  readonly cell: ControlCell;
  readonly orphans: readonly Orphan[];
  readonly cancellations: readonly Cancellation[];
  readonly differences: readonly Difference[];
};

/**
 * Whether the broker's unexplained positions are taken over, and orders given up that it denies or
 * has others for, because a person said so.
 */
export type ReconcileOptions = { readonly adopt: boolean };

/** Cash may differ by so much without a word: fees, and averages rounded to a ten-thousandth. */
const CASH_TOLERANCE_USD = 1;
const CASH_TOLERANCE_OF_EQUITY = 0.0001;

/** Brings the cell to what the broker says, names every difference, and answers it. Pure. */
export const reconcileAccount = (
  before: ControlCell,
  seen: BrokerObservation,
  options: ReconcileOptions,
): ReconciledAccount => {
  const settled = settleClaims(before, seen, options.adopt);
  const compared = comparePositions(settled.cell, seen, options.adopt);
  const { orphans, strangers } = sortOpenOrders(before, seen);
  const differences = [
    ...settled.differences,
    ...compared.differences,
    ...orphans.map((orphan): Difference => ({
      type: "orphanOrder",
      detail: `${orphan.clientOrderId} is live at the broker, and no claim stands for it.`,
    })),
    ...externalOrders(strangers, seen),
    ...cashDifference(compared.cell, seen),
    ...(seen.account.isBlocked ? [BLOCKED] : []),
  ];
  const { equity, cash, buyingPower } = seen.account;
  const reading = { equity, cash, buyingPower, observedAtMs: seen.atMs };
  const observed = observeAccount(compared.cell, reading, seen.sessionDate);
  const isClean = differences.every(({ type }) => responseTo(type) === "adopted");
  const marked = isClean ? markClean(observed, seen.atMs) : markUnverified(observed);
  const answered = answer(pruneHoldings(marked, seen.atMs), differences, seen);
  const cancellations = toCancel(answered, settled, seen.atMs);
  return {
    cell: answered,
    reported: settled.reported,
    absent: settled.absent,
    forgotten: settled.forgotten,
    orphans,
    cancellations,
    differences,
  };
};

const BLOCKED: Difference = {
  type: "accountBlocked",
  detail: "The broker has blocked the account.",
};

/** The gravest difference decides; flattening ends when the broker shows that nothing is left. */
const answer = (
  cell: ControlCell,
  differences: readonly Difference[],
  seen: BrokerObservation,
): ControlCell => {
  const by = "reconcile-orders";
  const halting = differences.find(({ type }) => responseTo(type) === "halt");
  if (halting !== undefined) {
    return haltUnlessFlattening(cell, { reason: halting.detail, by, atMs: seen.atMs });
  }
  const reducing = differences.find(({ type }) => responseTo(type) === "reduce");
  const answered =
    reducing === undefined
      ? cell
      : reduceTrading(cell, { reason: reducing.detail, by, atMs: seen.atMs });
  const isFlat =
    seen.positions.every((position) => position.quantity === 0) &&
    seen.openOrders.length === 0 &&
    claimsIn(answered).length === 0 &&
    answered.reconciliation.state === "clean";
  return isFlat ? finishFlattening(answered, seen.atMs) : answered;
};

/** Entries that still work although none is allowed any more, or that nobody waits for. */
const toCancel = (
  cell: ControlCell,
  settled: SettledClaims,
  atMs: number,
): readonly Cancellation[] => {
  const cancellations: Cancellation[] = [];
  for (const { claim, report } of settled.reported) {
    if (claim.purpose !== "entry" || !isLiveStatus(report.status)) continue;
    const reason = reasonToCancel(cell, claim, atMs);
    if (reason === undefined) continue;
    const { clientOrderId } = claim;
    cancellations.push({ clientOrderId, brokerOrderId: report.brokerOrderId, reason });
  }
  return cancellations;
};

const reasonToCancel = (cell: ControlCell, claim: Claim, atMs: number): string | undefined => {
  if (cell.tradingState.mode !== "active") return `Trading is ${cell.tradingState.mode}.`;
  return atMs > claim.validUntilMs ? "It did not fill while it was valid." : undefined;
};

/**
 * Orders of this account with our name that no claim stood for before this reconciliation, and
 * those with other names: legs of our brackets, or somebody else's.
 */
const sortOpenOrders = (
  before: ControlCell,
  seen: BrokerObservation,
): { readonly orphans: readonly Orphan[]; readonly strangers: readonly BrokerOrder[] } => {
  const orphans: Orphan[] = [];
  const strangers: BrokerOrder[] = [];
  for (const order of seen.openOrders) {
    const { clientOrderId, brokerOrderId } = order;
    // Another account's orders are another one's to cancel.
    if (!isIdOfAccount(clientOrderId, before.account)) strangers.push(order);
    else if (before.inFlight[clientOrderId] === undefined) {
      orphans.push({ clientOrderId, brokerOrderId });
    }
  }
  return { orphans, strangers };
};

/** Orders of others. The legs of our brackets have names that the broker gave them. */
const externalOrders = (
  strangers: readonly BrokerOrder[],
  seen: BrokerObservation,
): readonly Difference[] => {
  const legIds = new Set<string>();
  for (const lookup of seen.lookups.values()) {
    if (typeof lookup === "string") continue;
    for (const leg of lookup.legs) legIds.add(leg.brokerOrderId);
  }
  return strangers
    .filter(({ brokerOrderId }) => !legIds.has(brokerOrderId))
    .map((order) => ({
      type: "externalOrder",
      detail: `Someone else has an order in ${order.symbol} at the broker: ${order.brokerOrderId}.`,
    }));
};

/**
 * Cash that moved without a fill of ours; not compared while an entry or exit may fill meanwhile.
 */
const cashDifference = (cell: ControlCell, seen: BrokerObservation): readonly Difference[] => {
  if (cell.accountReading === null) return [];
  if (claimsIn(cell).some((claim) => claim.stage !== "protecting")) return [];
  const expected = cell.accountReading.cash + cell.cashFlow;
  const gap = subtractMoney(seen.account.cash, expected as Money);
  const equity = Math.abs(moneyToFloat(seen.account.equity));
  const tolerance = Math.max(CASH_TOLERANCE_USD, equity * CASH_TOLERANCE_OF_EQUITY);
  if (Math.abs(moneyToFloat(gap)) <= tolerance) return [];
  return [
    { type: "cash", detail: `Cash moved by ${formatMoney(gap)} USD without a fill of ours.` },
  ];
};
