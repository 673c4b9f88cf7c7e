import { addMoney, notional, subtractMoney } from "../../../shared/domain/market/money.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import {
  addQuantities,
  minQuantity,
  negateQuantity,
  subtractQuantities,
  type Quantity,
} from "../../../shared/domain/market/quantity.ts";
import { isOpen, remainingQuantity, type Order } from "./order.ts";
import { applyFillToPosition } from "./position.ts";
import {
  orderOf,
  positionOf,
  saveAccount,
  saveFill,
  saveOrder,
  savePosition,
  type ExchangeState,
} from "./state.ts";

/** Books one execution: order, position, cash, fill, and what it means for the order's group. */
export const bookFill = (
  state: ExchangeState,
  order: Order,
  quantity: Quantity,
  price: Price,
): Order => {
  const atMs = state.nowMs;
  const value = notional(price, quantity);
  const filledQuantity = addQuantities(order.filledQuantity, quantity);
  const isComplete = filledQuantity >= order.quantity;
  const filled = saveOrder(state, {
    ...order,
    filledQuantity,
    filledNotional: addMoney(order.filledNotional, value),
    status: isComplete
      ? "filled"
      : order.status === "pending_cancel"
        ? "pending_cancel"
        : "partially_filled",
    updatedAtMs: atMs,
    filledAtMs: atMs,
    cancelDueAtMs: isComplete ? undefined : order.cancelDueAtMs,
  });
  const change = order.side === "buy" ? quantity : negateQuantity(quantity);
  savePosition(state, applyFillToPosition(positionOf(state, order.symbol), change, price));
  const { cash, fillSequence } = state.account;
  saveAccount(state, {
    cash: order.side === "buy" ? subtractMoney(cash, value) : addMoney(cash, value),
    fillSequence: fillSequence + 1,
  });
  saveFill(state, {
    executionId: executionIdOf(state, fillSequence + 1),
    sequence: fillSequence + 1,
    orderId: order.id,
    symbol: order.symbol,
    side: order.side,
    quantity,
    price,
    cumulativeQuantity: filledQuantity,
    leavesQuantity: remainingQuantity(filled),
    orderStatus: filled.status,
    atMs,
  });
  if (filled.role === "entry" && isComplete) releaseLegs(state, filled);
  shrinkSibling(state, filled, quantity);
  return filled;
};

/** Exits wait until their entry has filled as a whole. */
const releaseLegs = (state: ExchangeState, entry: Order): void => {
  for (const legId of entry.legIds) {
    const leg = orderOf(state, legId);
    if (leg.status !== "held") continue;
    saveOrder(state, {
      ...leg,
      status: "new",
      activeFromMs: state.nowMs,
      updatedAtMs: state.nowMs,
    });
  }
};

/** What one exit of a pair sells, the other no longer may. */
const shrinkSibling = (state: ExchangeState, order: Order, quantity: Quantity): void => {
  if (order.siblingId === undefined) return;
  const sibling = orderOf(state, order.siblingId);
  if (!isOpen(sibling)) return;
  const taken = minQuantity(quantity, remainingQuantity(sibling));
  const left = subtractQuantities(sibling.quantity, taken);
  const isDone = left <= sibling.filledQuantity;
  saveOrder(state, {
    ...sibling,
    // A cancelled order keeps the quantity that it was sent with.
    quantity: isDone ? sibling.quantity : left,
    status: isDone ? "canceled" : sibling.status,
    canceledAtMs: isDone ? state.nowMs : undefined,
    cancelDueAtMs: isDone ? undefined : sibling.cancelDueAtMs,
    updatedAtMs: state.nowMs,
  });
};

/** Alpaca's form: New York's date and time to the millisecond, then a unique part. */
const executionIdOf = (state: ExchangeState, sequence: number): string =>
  `${timeTextOf(state.nowMs)}::${state.rules.ids.uuid("fill", sequence)}`;

const timeTextOf = (atMs: number): string => {
  if (lastTime.atMs === atMs) return lastTime.text;
  const { date, msOfDay } = epochMsToNewYork(atMs);
  const time = new Date(msOfDay).toISOString().slice(11, 23).replaceAll(/[:.]/g, "");
  lastTime = { atMs, text: `${date.replaceAll("-", "")}${time}` };
  return lastTime.text;
};

// Many fills of a minute are of one moment.
let lastTime = { atMs: Number.NaN, text: "" };
