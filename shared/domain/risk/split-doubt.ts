import type { Session } from "../market/calendar.ts";
import type { Price } from "../market/price.ts";

/** A position, a price, and when each was last heard of. Times are epoch ms. */
export type SplitQuestion = {
  readonly position: { readonly averagePrice: Price; readonly openedAtMs: number };
  /** When the broker's positions were last read; `undefined` for never. */
  readonly positionReadAtMs: number | undefined;
  readonly quote: { readonly mid: Price; readonly exchangeTimeMs: number } | undefined;
  readonly session: Session | undefined;
  readonly nowMs: number;
};

/**
 * Whether price and position may stand on two sides of a split. `price`: the position was read
 * today, the price is older, and says nothing of it. `position`: the price is today's, the position
 * was not read yet, so that neither its average nor its quantity may hold.
 */
export type SplitDoubt = "none" | "price" | "position";

/** No split is as small: what moves less is the market. */
const SPLIT_CHANGE_MIN = 1.2;
/** A position that cannot be read for so long after the open is closed as the ledger knows it. */
const POSITION_WAIT_MS = 5 * 60_000;

/**
 * Asks only of a position that was held over night and whose price has moved as far as a split
 * moves one: such a price is no stop until it is known what the broker holds.
 */
export const splitDoubtOf = (question: SplitQuestion): SplitDoubt => {
  const { position, positionReadAtMs = -Infinity, quote, session, nowMs } = question;
  if (quote === undefined || session === undefined) return "none";
  if (position.openedAtMs >= session.opensAtMs) return "none";
  if (!isFarApart(quote.mid, position.averagePrice)) return "none";
  const isPriceOfToday = quote.exchangeTimeMs >= session.opensAtMs;
  const isPositionOfToday = positionReadAtMs >= session.opensAtMs;
  if (isPositionOfToday) return isPriceOfToday ? "none" : "price";
  const isWaiting = nowMs < session.opensAtMs + POSITION_WAIT_MS;
  return isPriceOfToday && isWaiting ? "position" : "none";
};

const isFarApart = (left: Price, right: Price): boolean =>
  left <= 0 || right <= 0 || Math.max(left / right, right / left) >= SPLIT_CHANGE_MIN;
