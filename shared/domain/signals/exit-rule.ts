import type { Session } from "../market/calendar.ts";
import type { Price } from "../market/price.ts";
import type { Quantity } from "../market/quantity.ts";
import type { Direction } from "./direction.ts";

/** Why a position should be closed. */
export type ExitReason = "stop" | "target" | "time" | "signalReversal" | "endOfDay";

/** When positions are closed. Ratios are shares of the average price: 0.02 is 2 %. */
export type ExitPolicy = {
  readonly stopRatio: number;
  readonly targetRatio: number;
  readonly holdingMaxMs: number;
  /** The least score at which an opposite direction is a reversal. */
  readonly reversalScoreMin: number;
  /** How long before the close every position goes; `undefined` holds over night. */
  readonly beforeCloseMs: number | undefined;
};

/** Stop at 2 %, target at 4 %, four hours at most, flat ten minutes before the close. */
export const DEFAULT_EXIT_POLICY: ExitPolicy = {
  stopRatio: 0.02,
  targetRatio: 0.04,
  holdingMaxMs: 4 * 60 * 60_000,
  reversalScoreMin: 2.7,
  beforeCloseMs: 10 * 60_000,
};

/** An open position; the quantity is negative if short, times are epoch ms. */
export type HeldPosition = {
  readonly quantity: Quantity;
  readonly averagePrice: Price;
  readonly openedAtMs: number;
};

/** What an exit is decided on. Exits work on last-known values, whatever their age. */
export type ExitInput = {
  readonly position: HeldPosition;
  /** The latest valid quote, else the last known one; without any, prices decide nothing. */
  readonly quote: { readonly bid: Price; readonly ask: Price } | undefined;
  /** The latest score, or the basic indicators' direction with a score of its own. */
  readonly signal: { readonly direction: Direction; readonly score: number } | undefined;
  /** The session of the day of `nowMs`. */
  readonly session: Session | undefined;
  readonly nowMs: number;
};

/** Every reason to close the position now; none keeps it. A flat position has none. */
export const exitReasons = (input: ExitInput, policy: ExitPolicy): readonly ExitReason[] => {
  const { position, quote, nowMs } = input;
  if (position.quantity === 0) return [];
  const reasons: ExitReason[] = [];
  const change = quote === undefined ? undefined : changeInFavour(position, quote);
  if (change !== undefined && change <= -policy.stopRatio) reasons.push("stop");
  if (change !== undefined && change >= policy.targetRatio) reasons.push("target");
  if (nowMs - position.openedAtMs >= policy.holdingMaxMs) reasons.push("time");
  if (isReversed(input, policy)) reasons.push("signalReversal");
  if (isDayOver(input, policy)) reasons.push("endOfDay");
  return reasons;
};

/** The gain as a share of the average price, at the side of the quote that an exit trades with. */
const changeInFavour = (
  { quantity, averagePrice }: HeldPosition,
  quote: { readonly bid: Price; readonly ask: Price },
): number | undefined => {
  const isLong = quantity > 0;
  const price = isLong ? quote.bid : quote.ask;
  // A price of zero means that there is none, and must not look like a total loss.
  if (price <= 0 || averagePrice <= 0) return undefined;
  return (isLong ? price - averagePrice : averagePrice - price) / averagePrice;
};

const isReversed = ({ position, signal }: ExitInput, policy: ExitPolicy): boolean => {
  if (signal === undefined || !(signal.score >= policy.reversalScoreMin)) return false;
  return signal.direction === (position.quantity > 0 ? "bearish" : "bullish");
};

/** Near the close; and, after a day on which the exit failed, from the next session's open on. */
const isDayOver = ({ position, session, nowMs }: ExitInput, policy: ExitPolicy): boolean => {
  if (policy.beforeCloseMs === undefined || session === undefined) return false;
  if (nowMs < session.opensAtMs || nowMs >= session.closesAtMs) return false;
  return (
    nowMs >= session.closesAtMs - policy.beforeCloseMs || position.openedAtMs < session.opensAtMs
  );
};
