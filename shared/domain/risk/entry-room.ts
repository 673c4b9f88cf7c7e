import { addMoney, moneyToFloat, percentOf, type Money } from "../market/money.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { ControlCell } from "./control-cell.ts";
import { commitmentOf } from "./exposure.ts";

/**
 * What an account has left for one entry more, whatever its symbol: most cycles of a day end here,
 * for every symbol alike. Amounts beyond the limits are in dollars, as the guard compares them.
 */
export type EntryRoom = {
  readonly entriesLeft: number;
  readonly exposed: Money;
  readonly exposureMaxUsd: number;
  readonly reserved: Money;
  readonly buyingPower: Money;
};

/** The reasons for which the guard refuses an entry when an account has used up what it may. */
type UsedUp = "dailyEntries" | "portfolioExposure" | "buyingPower";

/** The room of an account in a session; `undefined` while the broker's account was not read. */
export const entryRoomOf = (cell: ControlCell, sessionDate: SessionDate): EntryRoom | undefined => {
  const { accountReading, limits, day } = cell;
  if (accountReading === null) return undefined;
  const { exposed, entryReserve } = commitmentOf(cell);
  const entries = day?.sessionDate === sessionDate ? day.entries : 0;
  return {
    entriesLeft: limits.maxEntriesPerDay - entries,
    exposed,
    exposureMaxUsd: percentOf(accountReading.equity, limits.maxPortfolioExposurePct),
    reserved: entryReserve,
    buyingPower: accountReading.buyingPower,
  };
};

/** The room behind an entry that reserves `cost`: what a claim of it would leave. */
export const roomBehind = (room: EntryRoom, cost: Money): EntryRoom => ({
  ...room,
  entriesLeft: room.entriesLeft - 1,
  exposed: addMoney(room.exposed, cost),
  reserved: addMoney(room.reserved, cost),
});

/**
 * Why an entry of at least `cost` has no room; `undefined` where it may have. What is refused here
 * the guard would refuse for the same reason, if for no other before it; what passes it decides.
 */
export const usedUpFor = (room: EntryRoom, cost: Money): UsedUp | undefined => {
  if (room.entriesLeft <= 0) return "dailyEntries";
  if (moneyToFloat(addMoney(room.exposed, cost)) > room.exposureMaxUsd) return "portfolioExposure";
  return addMoney(room.reserved, cost) > room.buyingPower ? "buyingPower" : undefined;
};
