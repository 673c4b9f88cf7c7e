import { assert } from "../assert.ts";
import { addMoney, type Money, notional, subtractMoney, ZERO_USD } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import { absoluteQuantity, addQuantities, type Quantity } from "../market/quantity.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { ClientOrderId } from "../orders/client-order-id.ts";
import { type OrderIntent, signOf } from "../orders/order-intent.ts";
import { err, ok, type Result } from "../result.ts";
import {
  type AccountReading,
  type Claim,
  type ControlCell,
  type DayCounters,
  type Holding,
  holdingOf,
  type TradingState,
} from "./control-cell.ts";
import type { Approved } from "./guard.ts";

/** Why an approved order cannot be claimed: the cell is no longer the one that was looked at. */
export type ClaimRefusal = { readonly type: "CellMoved"; readonly version: number };

/** What a claim adds to the order: its fence, its own name, and when it ends. */
export type ClaimTerms = {
  readonly claimId: string;
  readonly nowMs: number;
  readonly submitByMs: number;
};

/**
 * Reserves an approved order's exposure. Only an `Approved` order can be claimed, and only against
 * the very cell that the guard looked at, so that every check holds at the moment of the write.
 */
export const claimOrder = (
  cell: ControlCell,
  approved: Approved<OrderIntent>,
  terms: ClaimTerms,
): Result<ControlCell, ClaimRefusal> => {
  if (cell.version !== approved.cellVersion) {
    return err({ type: "CellMoved", version: cell.version });
  }
  const { order, price } = approved;
  const holding = holdingOf(cell, order.symbol);
  const claim: Claim = {
    clientOrderId: order.clientOrderId,
    claimId: terms.claimId,
    epoch: cell.epoch,
    symbol: order.symbol,
    side: order.side,
    purpose: order.purpose,
    quantity: order.quantity,
    filled: 0 as Quantity,
    filledPrice: null,
    price,
    stage: "claimed",
    claimedAtMs: terms.nowMs,
    submitByMs: terms.submitByMs,
    entryBeforeMs: holding.lastEntryAtMs,
    absentSinceMs: null,
  };
  const entered = order.purpose === "entry" ? { ...holding, lastEntryAtMs: terms.nowMs } : holding;
  const day = dayOf(cell, order.sessionDate);
  return ok(
    next(cell, {
      inFlight: { ...cell.inFlight, [order.clientOrderId]: claim },
      holdings: { ...cell.holdings, [order.symbol]: entered },
      day: {
        ...day,
        entries: day.entries + (order.purpose === "entry" ? 1 : 0),
        exits: day.exits + (order.purpose === "exit" ? 1 : 0),
      },
    }),
  );
};

/** What is known of an order that was claimed; `neverSent` is certain that it is not there. */
export type ClaimProgress =
  | { readonly type: "unknown" }
  | { readonly type: "neverSent" }
  | {
      readonly type: "working" | "ended";
      /** Cumulative, as the broker counts. */
      readonly cumulativeFilled: Quantity;
      /** Average of everything filled; null while nothing is. */
      readonly averagePrice: Price | null;
    };

/**
 * Applies what is known of a claimed order: fills move into the holding by their cumulative
 * quantity, `unknown` keeps the whole reservation, `ended` releases what did not fill, `neverSent`
 * also takes back the cooldown and the day's count. Repeated or older reports change nothing, and
 * an order that is not in flight is left alone.
 */
export const progressClaim = (
  cell: ControlCell,
  clientOrderId: ClientOrderId,
  progress: ClaimProgress,
  nowMs: number,
): ControlCell => {
  const claim = cell.inFlight[clientOrderId];
  if (claim === undefined) return cell;
  if (progress.type === "unknown") {
    if (claim.stage === "unknown") return cell;
    return next(cell, {
      inFlight: { ...cell.inFlight, [clientOrderId]: { ...claim, stage: "unknown" } },
    });
  }
  if (progress.type === "neverSent") return withdrawClaim(cell, claim);
  const filled = fillClaim(cell, claim, progress.cumulativeFilled, progress.averagePrice, nowMs);
  if (progress.type === "ended") {
    const { [clientOrderId]: _ended, ...inFlight } = filled.inFlight;
    return next(cell, { ...filled, inFlight });
  }
  const now = filled.inFlight[clientOrderId];
  assert(now !== undefined, "A filled claim is still in flight.");
  const isSame = now.stage === "working" && now.filled === claim.filled;
  if (isSame && now.absentSinceMs === null) return cell;
  const working: Claim = { ...now, stage: "working", absentSinceMs: null };
  return next(cell, { ...filled, inFlight: { ...filled.inFlight, [clientOrderId]: working } });
};

/** Notes since when the broker has denied knowing a claimed order; the first time stands. */
export const noteAbsence = (
  cell: ControlCell,
  clientOrderId: ClientOrderId,
  nowMs: number,
): ControlCell => {
  const claim = cell.inFlight[clientOrderId];
  if (claim === undefined || claim.absentSinceMs !== null) return cell;
  const absent: Claim = { ...claim, absentSinceMs: nowMs };
  return next(cell, { inFlight: { ...cell.inFlight, [clientOrderId]: absent } });
};

/** Records what the broker said of the account; the first reading of a session is its start. */
export const observeAccount = (
  cell: ControlCell,
  reading: AccountReading,
  sessionDate: SessionDate | undefined,
): ControlCell => {
  const day = sessionDate === undefined ? cell.day : dayOf(cell, sessionDate);
  return next(cell, {
    accountReading: reading,
    day: day === null ? null : { ...day, startingEquity: day.startingEquity ?? reading.equity },
  });
};

/** Records that ledger and broker agree: entries may be claimed. */
export const markClean = (cell: ControlCell, atMs: number): ControlCell =>
  next(cell, { reconciliation: { state: "clean", cleanAtMs: atMs } });

/** Records that it is not known whether they agree: no entry is claimed until they do. */
export const markUnverified = (cell: ControlCell): ControlCell =>
  cell.reconciliation.state === "clean"
    ? next(cell, { reconciliation: { ...cell.reconciliation, state: "unverified" } })
    : cell;

/** Changes the trading state; asking for the mode that holds already changes nothing. */
export const changeTradingState = (cell: ControlCell, state: TradingState): ControlCell =>
  cell.tradingState.mode === state.mode ? cell : next(cell, { tradingState: state });

/**
 * Raises the epoch and hands the account to a Region: claims of the old epoch can no longer be
 * made, trading starts in `reducing`, and entries wait for a clean reconciliation.
 */
export const takeOver = (cell: ControlCell, region: string, nowMs: number): ControlCell =>
  next(cell, {
    epoch: cell.epoch + 1,
    activeRegion: region,
    reconciliation: { ...cell.reconciliation, state: "unverified" },
    tradingState:
      cell.tradingState.mode === "halted"
        ? cell.tradingState
        : { mode: "reducing", reason: `Taken over by ${region}.`, by: "failover", atMs: nowMs },
  });

/** Puts a holding to what the broker says it is, after a difference was classified. */
export const adoptHolding = (
  cell: ControlCell,
  symbol: string,
  quantity: Quantity,
  averagePrice: Price | null,
  nowMs: number,
): ControlCell => {
  const before = cell.holdings[symbol];
  const holding: Holding = {
    quantity,
    averagePrice: quantity === 0 ? null : averagePrice,
    openedAtMs: quantity === 0 ? null : (before?.openedAtMs ?? nowMs),
    lastEntryAtMs: before?.lastEntryAtMs ?? null,
  };
  return next(cell, { holdings: { ...cell.holdings, [symbol]: holding } });
};

/** As if the claim had never been made: what was not sent is no entry. */
const withdrawClaim = (cell: ControlCell, claim: Claim): ControlCell => {
  const { [claim.clientOrderId]: _withdrawn, ...inFlight } = cell.inFlight;
  if (claim.purpose === "exit") return next(cell, { inFlight });
  const holding = holdingOf(cell, claim.symbol);
  const lastEntryAtMs =
    holding.lastEntryAtMs === claim.claimedAtMs ? claim.entryBeforeMs : holding.lastEntryAtMs;
  return next(cell, {
    inFlight,
    holdings: { ...cell.holdings, [claim.symbol]: { ...holding, lastEntryAtMs } },
    day: cell.day === null ? null : { ...cell.day, entries: Math.max(0, cell.day.entries - 1) },
  });
};

const next = (cell: ControlCell, change: Partial<ControlCell>): ControlCell => ({
  ...cell,
  ...change,
  version: cell.version + 1,
});

const dayOf = (cell: ControlCell, sessionDate: SessionDate): DayCounters =>
  cell.day?.sessionDate === sessionDate
    ? cell.day
    : { sessionDate, entries: 0, exits: 0, startingEquity: null, realizedProfit: ZERO_USD };

/** Moves newly filled shares from the claim into the holding. */
const fillClaim = (
  cell: ControlCell,
  claim: Claim,
  cumulativeFilled: Quantity,
  averagePrice: Price | null,
  nowMs: number,
): Pick<ControlCell, "holdings" | "inFlight" | "day"> => {
  const increment = cumulativeFilled - claim.filled;
  if (increment <= 0 || averagePrice === null) {
    return { holdings: cell.holdings, inFlight: cell.inFlight, day: cell.day };
  }
  const price = incrementPrice(claim, cumulativeFilled, averagePrice);
  const signed = (signOf(claim.side) * increment) as Quantity;
  const before = holdingOf(cell, claim.symbol);
  const { holding, realized } = trade(before, signed, price, nowMs);
  return {
    holdings: { ...cell.holdings, [claim.symbol]: holding },
    inFlight: {
      ...cell.inFlight,
      [claim.clientOrderId]: { ...claim, filled: cumulativeFilled, filledPrice: averagePrice },
    },
    day:
      cell.day === null
        ? null
        : { ...cell.day, realizedProfit: addMoney(cell.day.realizedProfit, realized) },
  };
};

/** The average price of what filled since the last report, from the two cumulative averages. */
const incrementPrice = (claim: Claim, cumulative: Quantity, average: Price): Price => {
  if (claim.filledPrice === null || claim.filled === 0) return average;
  const increment = cumulative - claim.filled;
  const before = claim.filledPrice * (claim.filled / increment);
  return Math.round(average * (cumulative / increment) - before) as Price;
};

/** Adds signed shares to a holding: average price on the way in, realized profit on the way out. */
const trade = (
  holding: Holding,
  signed: Quantity,
  price: Price,
  nowMs: number,
): { readonly holding: Holding; readonly realized: Money } => {
  const quantity = addQuantities(holding.quantity, signed);
  const cost = holding.averagePrice ?? price;
  const isAdding = holding.quantity === 0 || Math.sign(holding.quantity) === Math.sign(signed);
  if (isAdding) {
    const weight = holding.quantity / quantity;
    const averagePrice = Math.round(cost * weight + price * (1 - weight)) as Price;
    const openedAtMs = holding.openedAtMs ?? nowMs;
    return { holding: { ...holding, quantity, averagePrice, openedAtMs }, realized: ZERO_USD };
  }
  const closed = Math.min(absoluteQuantity(signed), absoluteQuantity(holding.quantity));
  const closedSigned = (Math.sign(holding.quantity) * closed) as Quantity;
  const realized = subtractMoney(notional(price, closedSigned), notional(cost, closedSigned));
  if (quantity === 0) {
    return { holding: { ...holding, quantity, averagePrice: null, openedAtMs: null }, realized };
  }
  const isFlipped = Math.sign(quantity) !== Math.sign(holding.quantity);
  return {
    holding: isFlipped
      ? { ...holding, quantity, averagePrice: price, openedAtMs: nowMs }
      : { ...holding, quantity },
    realized,
  };
};
