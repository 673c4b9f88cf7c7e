import {
  PRICE_UNITS_PER_USD,
  roundToTick,
  type Price,
} from "../../../shared/domain/market/price.ts";
import type { Bar, Quote, Trade } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { FaultControl } from "../faults/fault-control.ts";
import { hashText, uniformAt } from "../hash.ts";
import type { MarketFeed, MarketState, VolatilityIndex } from "../prices/market-feed.ts";
import type { FeedVendor } from "./vendor-paths.ts";
import { VENDOR_TRAITS } from "./vendor-traits.ts";

/** What one answer of a vendor is made from; the faults that distort prices have struck already. */
export type VendorView = {
  /** `undefined` for a symbol that is absent from the answer. */
  readonly stateOf: (symbol: Ticker) => MarketState | undefined;
  /** Minute bars of the session so far, oldest first. */
  readonly minuteBarsOf: (symbol: Ticker, fromMs: number) => readonly Bar[];
  readonly volatilityIndex: () => VolatilityIndex | undefined;
  /** The feed is late by contract. */
  readonly isDelayed: boolean;
};

/** One vendor's look at the market; every answer is a view of its own. */
export type VendorFeed = {
  readonly vendor: FeedVendor;
  /** Opens the view of a request (`METHOD /path`) at a moment, epoch ms. */
  readonly open: (line: string, nowMs: number) => VendorView;
  /** How long the answer of this moment takes, milliseconds. */
  readonly latencyMsAt: (nowMs: number) => number;
};

/** What a vendor's feed is made from. */
export type VendorFeedDeps = {
  readonly feed: Pick<MarketFeed, "kind" | "stateOf" | "barsOf" | "volatilityIndexAt">;
  readonly vendor: FeedVendor;
  readonly faults: FaultControl;
};

/**
 * Creates the look that a vendor has at a feed: a little late and a cent off now and then, the same
 * for the same feed, vendor and moment. Recorded minutes are not made late, being late enough.
 */
export const createVendorFeed = ({ feed, vendor, faults }: VendorFeedDeps): VendorFeed => {
  const traits = VENDOR_TRAITS[vendor];
  const key = hashText(`vendor/${vendor}`);
  const lagMaxMs = feed.kind === "recorded" ? 0 : traits.lagMaxMs;
  return {
    vendor,
    open: (line, nowMs) => {
      const delayed = faults.strike("delayedFeed", line);
      const stale = faults.strike("stalePrices", line);
      const wrong = faults.strike("wrongPrices", line);
      const missing = faults.strike("missingSymbols", line);
      const atMs = nowMs - (delayed?.byMs ?? 0) - (stale?.byMs ?? 0);
      const factor = wrong?.factor ?? 1;
      return {
        stateOf: (symbol) => {
          if (missing !== undefined && isMissing(symbol, missing.symbols)) return undefined;
          const lagMs = Math.floor(lagMaxMs * uniformAt(key ^ hashText(symbol), atMs / 500, 1));
          const state = feed.stateOf(symbol, atMs - lagMs);
          if (state === undefined) return undefined;
          const quote = state.quote && deviate(state.quote, key, traits.deviationChance);
          return scaled({ ...state, quote }, factor);
        },
        minuteBarsOf: (symbol, fromMs) =>
          feed.barsOf(symbol, "minute", fromMs, atMs).map((bar) => scaledBar(bar, factor)),
        volatilityIndex: () => {
          const index = feed.volatilityIndexAt(atMs);
          return index && { ...index, value: index.value * factor };
        },
        isDelayed: delayed !== undefined,
      };
    },
    latencyMsAt: (nowMs) => {
      const [least, most] = traits.latencyMs;
      return Math.round(least + (most - least) * uniformAt(key, nowMs, 2));
    },
  };
};

/** Every other symbol, where none is named. */
const isMissing = (symbol: Ticker, symbols: readonly string[] | undefined): boolean =>
  symbols === undefined ? hashText(symbol) % 2 === 0 : symbols.includes(symbol);

const CENT = PRICE_UNITS_PER_USD / 100;

/** Moves one side of the book outwards by a cent, so that it never crosses. */
const deviate = (quote: Quote, key: number, chance: number): Quote => {
  const salt = hashText(quote.symbol);
  const draw = uniformAt(key ^ salt, (quote.exchangeTimeMs ?? 0) / 500, 3);
  if (draw >= chance || quote.bid <= CENT) return quote;
  return draw < chance / 2
    ? { ...quote, bid: (quote.bid - CENT) as Price }
    : { ...quote, ask: (quote.ask + CENT) as Price };
};

const scaled = (state: MarketState, factor: number): MarketState =>
  factor === 1
    ? state
    : {
        quote: state.quote && scaledQuote(state.quote, factor),
        trade: state.trade && scaledTrade(state.trade, factor),
        minuteBar: state.minuteBar && scaledBar(state.minuteBar, factor),
        dailyBar: state.dailyBar && scaledBar(state.dailyBar, factor),
        previousDailyBar: state.previousDailyBar && scaledBar(state.previousDailyBar, factor),
      };

const scaledQuote = (quote: Quote, factor: number): Quote => ({
  ...quote,
  bid: roundToTick(quote.bid * factor),
  ask: roundToTick(quote.ask * factor),
});

const scaledTrade = (trade: Trade, factor: number): Trade => ({
  ...trade,
  price: roundToTick(trade.price * factor),
});

const scaledBar = (bar: Bar, factor: number): Bar =>
  factor === 1
    ? bar
    : {
        ...bar,
        open: roundToTick(bar.open * factor),
        high: roundToTick(bar.high * factor),
        low: roundToTick(bar.low * factor),
        close: roundToTick(bar.close * factor),
      };
