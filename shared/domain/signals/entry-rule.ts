import type { Money } from "../market/money.ts";
import { usd } from "../market/money.ts";
import { ceilToTick, floorToTick, type Price } from "../market/price.ts";
import { shares, type Quantity } from "../market/quantity.ts";
import type { QuotedPrice } from "../market/quote.ts";
import type { Ticker } from "../market/ticker.ts";
import { err, ok, type Result } from "../result.ts";
import type { Direction } from "./direction.ts";
import type { GateReason } from "./gate.ts";

/** How entries are sized and priced. Ratios are shares of a price: 0.02 is 2 %. */
export type EntryPolicy = {
  /** What an entry aims to spend. */
  readonly targetNotional: Money;
  /** The largest notional of one order. */
  readonly orderNotionalMax: Money;
  /** How far beyond the far side of the quote the limit price may go. */
  readonly collarRatio: number;
  readonly stopRatio: number;
  readonly targetRatio: number;
  readonly allowShortSelling: boolean;
};

/**
 * 500 USD a symbol, 10 basis points of collar, a stop at 2 %, a target at 4 %, no short selling.
 */
export const DEFAULT_ENTRY_POLICY: EntryPolicy = {
  targetNotional: usd(500),
  orderNotionalMax: usd(2_000),
  collarRatio: 0.001,
  stopRatio: 0.02,
  targetRatio: 0.04,
  allowShortSelling: false,
};

/** What an entry is decided on. */
export type EntryInput = {
  readonly direction: Direction;
  /** What the gate said; any reason stops the entry. */
  readonly gateReasons: readonly GateReason[];
  readonly quote: QuotedPrice;
  /** Shares held, negative if short, filled or on their way. */
  readonly positionQuantity: Quantity;
};

/** An entry that the rule would make; nothing has checked it yet. Prices are on tick. */
export type EntryProposal = {
  readonly symbol: Ticker;
  readonly side: "buy" | "sell";
  /** Positive, whole shares. */
  readonly quantity: Quantity;
  /** The side of the quote that the entry trades against. */
  readonly referencePrice: Price;
  readonly limitPrice: Price;
  readonly stopPrice: Price;
  readonly targetPrice: Price;
};

/** Why there is no entry. */
export type EntryRefusal =
  | "gated"
  | "neutralDirection"
  | "shortSellingNotAllowed"
  | "positionHeld"
  | "lessThanOneShare"
  | "pricesNotApart";

const MONEY_UNITS_PER_PRICE_UNIT = 100;

/** Proposes an entry: a bullish score buys, a bearish one sells short if that is allowed. */
export const proposeEntry = (
  input: EntryInput,
  policy: EntryPolicy,
): Result<EntryProposal, EntryRefusal> => {
  if (input.gateReasons.length > 0) return err("gated");
  if (input.direction === "neutral") return err("neutralDirection");
  const isLong = input.direction === "bullish";
  if (!isLong && !policy.allowShortSelling) return err("shortSellingNotAllowed");
  // Adding to a position, or flipping it, is never an entry: exits close it first.
  if (input.positionQuantity !== 0) return err("positionHeld");
  const prices = isLong
    ? longPrices(input.quote.ask, policy)
    : shortPrices(input.quote.bid, policy);
  if (!areApart(prices, isLong)) return err("pricesNotApart");
  const count = wholeShares(prices, policy);
  if (count < 1) return err("lessThanOneShare");
  const { referencePrice, limitPrice, stopPrice, targetPrice } = prices;
  return ok({
    symbol: input.quote.symbol,
    side: isLong ? "buy" : "sell",
    quantity: shares(count),
    referencePrice,
    limitPrice,
    stopPrice,
    targetPrice,
  });
};

type EntryPrices = Pick<
  EntryProposal,
  "referencePrice" | "limitPrice" | "stopPrice" | "targetPrice"
>;

/** The stop is rounded towards the price, so that it never risks more than the policy says. */
const longPrices = (ask: Price, policy: EntryPolicy): EntryPrices => ({
  referencePrice: ask,
  limitPrice: ceilToTick(ask * (1 + policy.collarRatio)),
  stopPrice: ceilToTick(ask * (1 - policy.stopRatio)),
  targetPrice: ceilToTick(ask * (1 + policy.targetRatio)),
});

const shortPrices = (bid: Price, policy: EntryPolicy): EntryPrices => ({
  referencePrice: bid,
  limitPrice: floorToTick(bid * (1 - policy.collarRatio)),
  stopPrice: floorToTick(bid * (1 + policy.stopRatio)),
  targetPrice: floorToTick(bid * (1 - policy.targetRatio)),
});

/** A stop at the price would fire at once, and a target within the limit could never pay. */
const areApart = (prices: EntryPrices, isLong: boolean): boolean => {
  const { referencePrice, limitPrice, stopPrice, targetPrice } = prices;
  return isLong
    ? stopPrice < referencePrice && limitPrice < targetPrice
    : stopPrice > referencePrice && limitPrice > targetPrice && targetPrice > 0;
};

/** The most shares whose notional at the worse of reference and limit stays within the policy. */
const wholeShares = (prices: EntryPrices, policy: EntryPolicy): number => {
  const price = Math.max(prices.referencePrice, prices.limitPrice);
  const notionalMax = Math.min(policy.targetNotional, policy.orderNotionalMax);
  return Math.floor(notionalMax / (price * MONEY_UNITS_PER_PRICE_UNIT));
};
