import { moneyToFloat, percentOf, type Money } from "../../market/money.ts";
import type { SessionDate } from "../../market/session-date.ts";
import type { AccountReading, ControlCell } from "../control-cell.ts";
import type { Limits } from "../limits.ts";

// What an account may do in all, whatever the symbol. Each is asked so that what is no number
// denies; the guard asks of one order, and `usedUpFor` of many at once.

/** Entries that a session has had. */
export const entriesIn = ({ day }: ControlCell, sessionDate: SessionDate): number =>
  day?.sessionDate === sessionDate ? day.entries : 0;

/** Whether a session that has had so many entries may have no more. */
export const isDayUsedUp = (entries: number, limits: Limits): boolean =>
  !(entries < limits.maxEntriesPerDay);

/** What the account may be exposed to in all, in USD. */
export const exposureMaxUsd = ({ equity }: AccountReading, limits: Limits): number =>
  percentOf(equity, limits.maxPortfolioExposurePct);

/** Whether that is more than `maxUsd`. */
export const isOverExposed = (exposed: Money, maxUsd: number): boolean =>
  !(moneyToFloat(exposed) <= maxUsd);

/** Whether the broker would not let the account pay for all its entries. */
export const isUnaffordable = (needed: Money, buyingPower: Money): boolean =>
  !(needed <= buyingPower);
