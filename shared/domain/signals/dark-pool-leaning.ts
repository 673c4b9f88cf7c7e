import { addMoney, ZERO_USD, type Money } from "../market/money.ts";
import type { Direction } from "./direction.ts";
import type { DarkPoolPrint } from "./flow.ts";

/** Which way a symbol's prints lean, with the notional of the side that leads. */
export type DarkPoolLeaning = {
  readonly direction: Direction;
  /** Of the leading side; of all prints if neither leads. */
  readonly notional: Money;
  readonly printCount: number;
};

/** One side leads when it has at least this many times the other's notional. */
const LEAD_RATIO = 1.5;

/**
 * The leaning of prints: a print above the middle of its quote was bought, one below was sold, and
 * one at the middle or without a quote is counted but takes no side. Cancelled prints do not count.
 */
export const darkPoolLeaningOf = (prints: readonly DarkPoolPrint[]): DarkPoolLeaning => {
  let bought = ZERO_USD;
  let sold = ZERO_USD;
  let all = ZERO_USD;
  let printCount = 0;
  for (const print of prints) {
    if (print.isCanceled) continue;
    printCount++;
    all = addMoney(all, print.notional);
    const side = sideOf(print);
    if (side > 0) bought = addMoney(bought, print.notional);
    if (side < 0) sold = addMoney(sold, print.notional);
  }
  if (bought > 0 && bought >= sold * LEAD_RATIO) {
    return { direction: "bullish", notional: bought, printCount };
  }
  if (sold > 0 && sold >= bought * LEAD_RATIO) {
    return { direction: "bearish", notional: sold, printCount };
  }
  return { direction: "neutral", notional: all, printCount };
};

/** The sign of the side that was hit: the distance from the middle of the quote. */
const sideOf = (print: DarkPoolPrint): number =>
  print.bid > 0 && print.ask >= print.bid ? 2 * print.price - print.bid - print.ask : 0;
