import { addMoney, type Money } from "../market/money.ts";
import type { SessionDate } from "../market/session-date.ts";
import type { ControlCell } from "./control-cell.ts";
import { commitmentOf } from "./exposure.ts";
import {
  entriesIn,
  exposureMaxUsd,
  isDayUsedUp,
  isOverExposed,
  isUnaffordable,
} from "./guard/account-limits.ts";
import { areLimitsValid } from "./guard/check-limits.ts";
import type { Limits } from "./limits.ts";

/**
 * What an account has used of what it may, whatever the symbol: most cycles of a day end here, for
 * every symbol alike.
 */
export type EntryRoom = {
  readonly limits: Limits;
  readonly entries: number;
  readonly exposed: Money;
  /** In dollars, as the guard compares it. */
  readonly exposureMaxUsd: number;
  readonly reserved: Money;
  readonly buyingPower: Money;
};

/** The reasons for which the guard refuses an entry when an account has used up what it may. */
type UsedUp = "dailyEntries" | "portfolioExposure" | "buyingPower";

/**
 * The room of an account in a session; `undefined` while the broker's account was not read, and
 * where a limit is none: the guard says so.
 */
export const entryRoomOf = (cell: ControlCell, sessionDate: SessionDate): EntryRoom | undefined => {
  const { accountReading, limits } = cell;
  if (accountReading === null || !areLimitsValid(limits)) return undefined;
  const { exposed, entryReserve } = commitmentOf(cell);
  return {
    limits,
    entries: entriesIn(cell, sessionDate),
    exposed,
    exposureMaxUsd: exposureMaxUsd(accountReading, limits),
    reserved: entryReserve,
    buyingPower: accountReading.buyingPower,
  };
};

/** The room behind an entry that reserves `cost`: what a claim of it would leave. */
export const roomBehind = (room: EntryRoom, cost: Money): EntryRoom => ({
  ...room,
  entries: room.entries + 1,
  exposed: addMoney(room.exposed, cost),
  reserved: addMoney(room.reserved, cost),
});

/**
 * Why an entry of at least `cost` has no room; `undefined` where it may have. What is refused here
 * the guard would refuse for the same reason, if for no other before it; what passes it decides.
 */
export const usedUpFor = (room: EntryRoom, cost: Money): UsedUp | undefined => {
  if (isDayUsedUp(room.entries, room.limits)) return "dailyEntries";
  if (isOverExposed(addMoney(room.exposed, cost), room.exposureMaxUsd)) return "portfolioExposure";
  return isUnaffordable(addMoney(room.reserved, cost), room.buyingPower)
    ? "buyingPower"
    : undefined;
};
