import { sessionOf } from "../domain/market/calendar.ts";
import { epochMsToNewYork } from "../domain/market/new-york-time.ts";
import { addDays, type SessionDate } from "../domain/market/session-date.ts";
import type { Order } from "../domain/orders/order.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Ledger, LedgerFault } from "../ports/ledger.ts";

/** A bracket works until it is cancelled, and the broker cancels what is older than 90 days. */
const DAYS_BACK = 92;
/** More orders than an account may make in a session, entries and exits together. */
const ORDERS_MAX = 5_000;

type Histories = Pick<Ledger, "listOrders">;

/** Every order of the account that the broker may still know as live, newest session first. */
export const listHistories = async (
  ledger: Histories,
  account: string,
  nowMs: number,
): Promise<Result<readonly Order[], LedgerFault>> => {
  const orders: Order[] = [];
  for (const date of sessionsBack(nowMs)) {
    const listed = await ledger.listOrders(account, date, ORDERS_MAX);
    if (!listed.ok) return listed;
    if (listed.value.length >= ORDERS_MAX) {
      // What is cut off could be the one that matters.
      const detail = `The session of ${date} has more orders than can be looked through.`;
      return err({ type: "LedgerUnavailable", detail });
    }
    orders.push(...listed.value);
  }
  return ok(orders);
};

/** Whether the account has traded before; its cell then cannot be missing because it is new. */
export const hasHistories = async (
  ledger: Histories,
  account: string,
  nowMs: number,
): Promise<Result<boolean, LedgerFault>> => {
  for (const date of sessionsBack(nowMs)) {
    const listed = await ledger.listOrders(account, date, 1);
    if (!listed.ok) return listed;
    if (listed.value.length > 0) return ok(true);
  }
  return ok(false);
};

/** The sessions that the broker may remember, today's first. */
const sessionsBack = (nowMs: number): readonly SessionDate[] => {
  const today = epochMsToNewYork(nowMs).date;
  if (remembered.today !== today) {
    const dates = Array.from({ length: DAYS_BACK }, (_, days) => addDays(today, -days));
    remembered = { today, dates: dates.filter((date) => sessionOf(date) !== undefined) };
  }
  return remembered.dates;
};

/** Asked every minute of a day, and the same all day. */
let remembered: { readonly today: string; readonly dates: readonly SessionDate[] } = {
  today: "",
  dates: [],
};
