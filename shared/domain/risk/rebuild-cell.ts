import { EPOCH_LEAP } from "../backup/restored-cell.ts";
import { ZERO_USD } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { type Quantity, ZERO_SHARES } from "../market/quantity.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { Ticker } from "../market/ticker.ts";
import {
  type BrokerAccount,
  type BrokerLeg,
  type BrokerOrder,
  type BrokerPosition,
  isLiveStatus,
} from "../orders/broker-state.ts";
import { believedAverage } from "../orders/believed-average.ts";
import type { ClientOrderId } from "../orders/client-order-id.ts";
import { mayBeLive, type Order } from "../orders/order.ts";
import {
  type Claim,
  type ControlCell,
  type DayCounters,
  FLAT,
  type Holding,
  type NewCell,
  type RejectCount,
} from "./control-cell.ts";
import { openCell } from "./control-cell.ts";

/** What was stopped, or is to be closed. */
export type StopWish = {
  readonly isHalted: boolean;
  readonly isFlattening: boolean;
  readonly suspendAtBroker: boolean;
};

/** Nothing was. */
export const NO_WISH: StopWish = { isHalted: false, isFlattening: false, suspendAtBroker: false };

/** Everything that a cell can be made from when its own content is lost. */
export type RebuildInput = NewCell & {
  /** Why the cell is rebuilt, for the operator. */
  readonly cause: string;
  /** What the damaged one seems to say that people want; believed, since it only takes risk away. */
  readonly wish: StopWish;
  /**
   * The highest version and epoch that anything still tells of, and whether the item itself does.
   */
  readonly newest: {
    readonly version: number;
    readonly epoch: number;
    readonly isEpochKnown: boolean;
  };
  /** Every order that may matter, newest decision first. */
  readonly orders: readonly Order[];
  /** What the broker says of those that may be live. */
  readonly reports: ReadonlyMap<ClientOrderId, BrokerOrder | "notFound">;
  readonly positions: readonly BrokerPosition[];
  readonly brokerAccount: BrokerAccount;
  /** The session that `nowMs` falls into or precedes; its counters are counted again. */
  readonly sessionDate: SessionDate;
};

/**
 * Whether the broker may hold a live order of this history, or come to hold one: a claim is made
 * before the history tells of it, so an order that is only recorded may have been sent.
 */
export const mayBeAtBroker = ({ state }: Order): boolean =>
  mayBeLive(state) || state.name === "new" || state.name === "notSent";

/**
 * Makes a cell from the broker's positions and the orders' histories: above every version and epoch
 * that was ever seen, so that no older writer can touch it; exits only, at most; unverified; with a
 * claim for every order that may be live, and no cooldown, count or latch forgotten. Pure.
 */
export const rebuildCell = (input: RebuildInput): ControlCell => {
  const { account, brokerAccount, nowMs, newest, orders, wish } = input;
  const above =
    1 + orders.reduce((most, order) => Math.max(most, order.lastClaim?.epoch ?? 0), newest.epoch);
  // Takeovers under which nothing was ordered leave no trace here, and one in audit and lease.
  const epoch = newest.isEpochKnown ? above : above + EPOCH_LEAP;
  const { equity, cash, buyingPower } = brokerAccount;
  const opened = openCell(input);
  return {
    ...opened,
    account,
    version: newest.version + 1,
    epoch,
    tradingState: {
      ...opened.tradingState,
      mode: wish.isHalted ? "halted" : "reducing",
      reason: input.cause,
      by: "rebuild-cell",
      isFlattening: wish.isFlattening && !wish.isHalted,
      suspendAtBroker: wish.suspendAtBroker,
    },
    reconciliation: { state: "unverified", cleanAtMs: null },
    accountReading: { equity, cash, buyingPower, observedAtMs: nowMs },
    peakEquity: Math.max(equity, brokerAccount.lastEquity) as typeof equity,
    day: countDay(input),
    holdings: holdingsOf(input),
    inFlight: Object.fromEntries(
      orders.flatMap((order) => {
        const claim = claimOf(order, input, epoch);
        return claim === undefined ? [] : [[claim.clientOrderId, claim]];
      }),
    ),
  };
};

/** The claim that stands for an order from now on; `undefined` for one that is surely over. */
const claimOf = (order: Order, input: RebuildInput, epoch: number): Claim | undefined => {
  const report = input.reports.get(order.intent.clientOrderId);
  if (report === undefined) return undefined;
  if (report !== "notFound") return afterReport(order, report, blankClaim(order, input, epoch));
  const blank = blankClaim(order, input, epoch);
  switch (order.state.name) {
    case "acknowledged":
    case "partiallyFilled":
      // The broker had it: that it denies it now is a difference for reconciliation to name.
      return { ...blank, stage: "working", filled: order.filled, filledPrice: order.averagePrice };
    case "claimed":
    case "unknown":
    case "orphaned":
      return { ...blank, stage: "unknown" };
    case "new":
    case "notSent":
      // Of an earlier session nothing can be on its way any more.
      return order.intent.sessionDate === input.sessionDate ? blank : undefined;
    case "denied":
    case "rejected":
    case "filled":
    case "cancelled":
    case "expired":
    case "replaced":
      return undefined;
  }
};

const blankClaim = (order: Order, input: RebuildInput, epoch: number): Claim => {
  const { intent, lastClaim } = order;
  const { clientOrderId, symbol, side, purpose, validUntilMs, protection } = intent;
  const isRecorded = order.state.name !== "new" && order.state.name !== "notSent";
  return {
    clientOrderId,
    claimId: lastClaim?.claimId ?? "rebuilt",
    epoch: lastClaim?.epoch ?? epoch,
    symbol,
    side,
    purpose,
    quantity: order.quantity,
    filled: ZERO_SHARES,
    filledPrice: null,
    price: worstPrice(order),
    stage: "claimed",
    claimedAtMs: lastClaim?.atMs ?? input.nowMs,
    // A claim that no history tells of may still be sent for as long as the order is valid.
    submitByMs: isRecorded ? (lastClaim?.submitByMs ?? validUntilMs) : validUntilMs,
    validUntilMs,
    protection,
    closed: ZERO_SHARES,
    closedPrice: null,
    liveLegIds: [],
    entryBeforeMs: null,
    absentSinceMs: null,
  };
};

/**
 * What the broker reports as filled is part of its positions already. The stage is `working` even
 * for an order that is over, so that the next reconciliation completes its history.
 */
const afterReport = (order: Order, report: BrokerOrder, blank: Claim): Claim => {
  const isCut =
    order.lastClaim === null && order.intent.purpose === "exit" && report.quantity < order.quantity;
  return {
    ...blank,
    quantity: isCut ? report.quantity : order.quantity,
    stage: "working",
    filled: report.filled,
    filledPrice: report.averagePrice,
    ...closedBy(report.legs),
    liveLegIds: report.legs
      .filter((leg) => isLiveStatus(leg.status))
      .map((leg) => leg.brokerOrderId),
  };
};

const closedBy = (legs: readonly BrokerLeg[]): Pick<Claim, "closed" | "closedPrice"> => {
  const filled = legs.filter((leg) => leg.filled > 0 && leg.averagePrice !== null);
  const closed = filled.reduce((sum, leg) => sum + leg.filled, 0) as Quantity;
  if (closed === 0) return { closed, closedPrice: null };
  const average = filled.reduce(
    (sum, leg) => sum + (leg.averagePrice ?? 0) * (leg.filled / closed),
    0,
  );
  return { closed, closedPrice: Math.round(average) as Price };
};

/** A short sale fills at its limit or better, and better means a larger exposure. */
const worstPrice = ({ intent }: Order): Price => {
  const { pricing, referencePrice, side } = intent;
  if (pricing.type === "market") return referencePrice;
  return side === "sell"
    ? (Math.max(pricing.limitPrice, referencePrice) as Price)
    : pricing.limitPrice;
};

const holdingsOf = (input: RebuildInput): Readonly<Record<string, Holding>> => {
  const lastEntries = new Map<Ticker, number>();
  for (const order of input.orders) {
    const enteredAtMs = entryOf(order, input);
    if (enteredAtMs === undefined) continue;
    const { symbol } = order.intent;
    lastEntries.set(symbol, Math.max(enteredAtMs, lastEntries.get(symbol) ?? 0));
  }
  const holdings: Record<string, Holding> = {};
  for (const [symbol, lastEntryAtMs] of lastEntries) {
    if (input.nowMs - lastEntryAtMs > input.limits.minCooldownMinutes * 60_000) continue;
    holdings[symbol] = { ...FLAT, lastEntryAtMs };
  }
  for (const position of input.positions) {
    const { symbol, quantity } = position;
    if (quantity === 0) continue;
    const averagePrice = believedAverage(position, null);
    const lastEntryAtMs = lastEntries.get(symbol) ?? null;
    const openedAtMs = lastEntryAtMs ?? input.nowMs;
    holdings[symbol] = { quantity, averagePrice, openedAtMs, lastEntryAtMs };
  }
  return holdings;
};

/** When an entry was claimed, as far as is known; an order that may have been sent counts. */
const entryOf = (order: Order, input: RebuildInput): number | undefined => {
  if (order.intent.purpose !== "entry") return undefined;
  if (order.lastClaim !== null) return order.lastClaim.atMs;
  const report = input.reports.get(order.intent.clientOrderId);
  if (report === undefined) return undefined;
  return report === "notFound" ? order.intent.decidedAtMs : (report.submittedAtMs ?? input.nowMs);
};

/** The day's counters, counted again; what was realized is not known any more. */
const countDay = ({ orders, reports, sessionDate, brokerAccount }: RebuildInput): DayCounters => {
  const sent = orders.filter(
    ({ intent, lastClaim }) =>
      intent.sessionDate === sessionDate &&
      (lastClaim !== null || reports.has(intent.clientOrderId)),
  );
  const entries = sent.filter(({ intent }) => intent.purpose === "entry").length;
  return {
    sessionDate,
    entries,
    exits: sent.length - entries,
    startingEquity: brokerAccount.lastEquity,
    realizedProfit: ZERO_USD,
    rejects: rejectsOf(sent),
  };
};

const rejectsOf = (orders: readonly Order[]): readonly RejectCount[] => {
  const counts = new Map<string, RejectCount>();
  for (const { intent, state, updatedAtMs } of orders) {
    if (state.name !== "rejected" || intent.purpose !== "entry") continue;
    // The broker's code stands before its words.
    const code = state.reason.split(":")[0] ?? "";
    const key = `${intent.symbol} ${code}`;
    const known = counts.get(key);
    counts.set(key, {
      symbol: intent.symbol,
      code,
      count: (known?.count ?? 0) + 1,
      lastAtMs: Math.max(known?.lastAtMs ?? 0, updatedAtMs),
    });
  }
  return [...counts.values()];
};
