import { assert } from "../../../shared/domain/assert.ts";
import { markOf } from "./book.ts";
import { cancelGroup } from "./cancel-order.ts";
import { matchOrder } from "./match-book.ts";
import { isOpen, type Order } from "./order.ts";
import { bookOf, orderOf, saveAccount, saveOrder, type ExchangeState } from "./state.ts";
import { activateOrder } from "./submit-order.ts";
import { sessionEndingAfter } from "./timing.ts";
import { valueAccount } from "./valuation.ts";

/** More than one step for each order and each session of many years is a bug. */
const STEPS_MAX = 1_000_000;

/** Lets time pass: orders wake, cancellations take effect, orders expire, days close. */
export const advance = (state: ExchangeState, toMs: number): void => {
  for (let step = 0; toMs >= state.nextDueAtMs; step++) {
    assert(step < STEPS_MAX, "Time passes in a bounded number of steps.");
    const dueAtMs = findNextDue(state);
    state.nextDueAtMs = dueAtMs;
    if (dueAtMs > toMs) break;
    state.nowMs = Math.max(state.nowMs, dueAtMs);
    runDue(state);
    state.nextDueAtMs = -Infinity;
  }
  // A clock that runs behind does not turn back time.
  state.nowMs = Math.max(state.nowMs, toMs);
};

const findNextDue = (state: ExchangeState): number => {
  let dueAtMs = state.nextCloseAtMs;
  for (const order of state.open.values()) dueAtMs = Math.min(dueAtMs, dueOf(order));
  return dueAtMs;
};

const dueOf = (order: Order): number => {
  const wakesAtMs = order.status === "accepted" ? order.activeFromMs : Infinity;
  return Math.min(wakesAtMs, order.cancelDueAtMs ?? Infinity, order.expiresAtMs);
};

const runDue = (state: ExchangeState): void => {
  const { nowMs } = state;
  for (const { id } of state.open.values()) {
    const order = orderOf(state, id);
    if (!isOpen(order) || dueOf(order) > nowMs) continue;
    if (order.expiresAtMs <= nowMs) expireOrder(state, order);
    else if ((order.cancelDueAtMs ?? Infinity) <= nowMs) cancelGroup(state, order);
    else activateOrder(state, order);
  }
  if (nowMs >= state.nextCloseAtMs) closeDay(state);
};

const expireOrder = (state: ExchangeState, order: Order): void => {
  if (order.timeInForce === "cls" && order.status === "new") {
    matchOrder(state, bookOf(state, order.symbol), order);
  }
  const left = orderOf(state, order.id);
  if (!isOpen(left)) return;
  const { nowMs } = state;
  saveOrder(state, { ...left, status: "expired", expiredAtMs: nowMs, updatedAtMs: nowMs });
};

const closeDay = (state: ExchangeState): void => {
  saveAccount(state, { lastEquity: valueAccount(state).equity });
  for (const book of state.books.values()) {
    const mark = markOf(book);
    if (mark > 0) book.previousClose = mark;
  }
  state.nextCloseAtMs = sessionEndingAfter(state.nowMs, 0).closesAtMs;
};
