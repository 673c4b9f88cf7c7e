import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import { isConfirmed } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { Order } from "../../exchange/core/order.ts";
import type { MarketFeed } from "../../exchange/prices/market-feed.ts";
import type { SeenPoll, SeenQuote, SeenWord } from "./watch-vendors.ts";

/** The exchange's own prices, against which everything is held. */
export type Truth = Pick<MarketFeed, "quoteOf">;

/** A cent on either side is a vendor's rounding; a trade lies between bid and ask. */
const CENTS_OFF = 2;
const UNITS_PER_CENT = 100;
const RATIO_OFF = 0.002;
/** Vendors that state whole seconds mean any moment of them. */
const SECOND_PARTS_MS = [0, 250, 500, 750, 1_000];
/**
 * What passes between validation and publication on a machine that is busy, in the world's time.
 */
const PUBLISHING_MAX_MS = 20_000;
/** Entries are limited a little beyond the price that they were decided at. */
const ENTRY_RATIO_OFF = 0.02;
/** Words that are further apart than this confirm nothing, whatever the configuration says. */
const SAME_RATIO = 0.01;

/** Whether a price was the market's at its own time, by the exchange's own book. */
const isTrue = (
  truth: Truth,
  symbol: Ticker,
  { mid, atMs }: Pick<SeenWord, "mid" | "atMs">,
): boolean =>
  SECOND_PARTS_MS.some((partMs) => {
    const quote = truth.quoteOf(symbol, atMs + partMs);
    if (quote === undefined) return false;
    const exact = (quote.bid + quote.ask) / 2;
    const slack = Math.max(CENTS_OFF * UNITS_PER_CENT, exact * RATIO_OFF);
    return Math.abs(mid - exact) <= slack + (quote.ask - quote.bid) / 2;
  });

/** Whether a published quote was wrong: another price than the market's, or an old one. */
export const isWrong = (
  truth: Truth,
  { atMs, quote }: Pick<SeenQuote, "atMs" | "quote">,
  ageMaxMs: number,
): boolean =>
  atMs - quote.exchangeTimeMs > ageMaxMs + PUBLISHING_MAX_MS ||
  !isTrue(truth, quote.symbol, { mid: quote.mid, atMs: quote.exchangeTimeMs });

/** What is looked at of an order of ours. */
export type JudgedOrder = Pick<Order, "symbol" | "clientOrderId" | "createdAtMs" | "limitPrice">;

/** What is wrong with an entry. */
export type EntryVerdict = { readonly isOnOneWord: boolean; readonly isAtWrongPrice: boolean };

/**
 * Judges an entry of ours by the answers that its decision was made from: two sources of their own
 * must have said the same true price. What the functions themselves say of it is not looked at.
 */
export const judgeEntry = (
  truth: Truth,
  order: JudgedOrder,
  quotes: readonly SeenQuote[],
): EntryVerdict => {
  const minute = order.clientOrderId.split("_")[5] ?? "";
  const seen = quotes.find(
    ({ quote, slotMs }) => quote.symbol === order.symbol && minuteOf(slotMs) === minute,
  );
  const words = (seen?.words ?? []).filter(
    (word) =>
      seen !== undefined &&
      isTrue(truth, order.symbol, word) &&
      Math.abs(word.mid - seen.quote.mid) <= seen.quote.mid * SAME_RATIO,
  );
  const now = truth.quoteOf(order.symbol, order.createdAtMs);
  const exact = now === undefined ? undefined : (now.bid + now.ask) / 2;
  const { limitPrice } = order;
  return {
    isOnOneWord: new Set(words.map(({ origin }) => origin)).size < 2,
    isAtWrongPrice:
      exact === undefined ||
      (limitPrice !== undefined && Math.abs(limitPrice - exact) > exact * ENTRY_RATIO_OFF),
  };
};

/** How many entries were sent while the newest poll was one that nobody had answered. */
export const countInTheDark = (
  entries: readonly Pick<JudgedOrder, "createdAtMs">[],
  polls: readonly Pick<SeenPoll, "atMs" | "hasAnswer">[],
): number =>
  entries.filter(
    ({ createdAtMs }) => polls.findLast(({ atMs }) => atMs < createdAtMs)?.hasAnswer === false,
  ).length;

/** `0935`, as it stands in the name of an order that was decided in that minute. */
const minuteOf = (atMs: number): string => {
  const minutes = Math.floor(epochMsToNewYork(atMs).msOfDay / 60_000);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
  return `${hour.toString().padStart(2, "0")}${minute.toString().padStart(2, "0")}`;
};

/**
 * The longest time that a symbol went without a quote that an entry may rest on, milliseconds,
 * between two moments (epoch ms).
 */
export const longestGap = (
  symbols: readonly Ticker[],
  quotes: readonly SeenQuote[],
  fromMs: number,
  toMs: number,
): number => {
  const usable = Map.groupBy(
    quotes.filter(({ quote, atMs }) => isConfirmed(quote) && atMs <= toMs),
    ({ quote }) => quote.symbol,
  );
  const gaps = symbols.map((symbol) => {
    const times = (usable.get(symbol) ?? []).map(({ atMs }) => atMs);
    const last = times.findLast((atMs) => atMs <= fromMs) ?? fromMs;
    const moments = [last, ...times.filter((atMs) => atMs > fromMs), toMs];
    return Math.max(...moments.slice(1).map((atMs, index) => atMs - (moments[index] ?? atMs)));
  });
  return Math.max(0, ...gaps);
};
