import { moveMoney, ZERO_USD, type Money } from "../market/money.ts";
import type { Direction } from "./direction.ts";
import type { DarkPoolPrint } from "./flow.ts";
import type { Summation } from "./sum-window.ts";

/** Which way a symbol's prints lean, with the notional of the side that leads. */
export type DarkPoolLeaning = {
  readonly direction: Direction;
  /** Of the leading side; of all prints if neither leads. */
  readonly notional: Money;
  readonly printCount: number;
};

/** What is summed over the prints of a symbol, in place; cancelled ones do not count. */
export type PrintSums = {
  /** The notional of prints above, and of prints below, the middle of their quote. */
  bought: Money;
  sold: Money;
  all: Money;
  printCount: number;
};

/** Sums prints, each at the moment it was executed. */
export const PRINT_SUMMATION: Summation<DarkPoolPrint, PrintSums> = {
  timeOf: ({ executedAtMs }) => executedAtMs,
  zero: () => ({ bought: ZERO_USD, sold: ZERO_USD, all: ZERO_USD, printCount: 0 }),
  add: (sums, print, sign) => {
    if (print.isCanceled) return;
    const side = sideOf(print);
    if (side > 0) sums.bought = moveMoney(sums.bought, print.notional, sign);
    if (side < 0) sums.sold = moveMoney(sums.sold, print.notional, sign);
    sums.all = moveMoney(sums.all, print.notional, sign);
    sums.printCount += sign;
  },
};

/** One side leads when it has at least this many times the other's notional. */
const LEAD_RATIO = 1.5;

/**
 * The leaning of prints: a print above the middle of its quote was bought, one below was sold, and
 * one at the middle or without a quote is counted but takes no side.
 */
export const darkPoolLeaningOf = (sums: Readonly<PrintSums>): DarkPoolLeaning => {
  const { bought, sold, all, printCount } = sums;
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
