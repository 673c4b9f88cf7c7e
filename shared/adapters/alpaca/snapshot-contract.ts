import * as z from "zod";
import { priceFromFloat, type Price } from "../../domain/market/price.ts";
import type { Bar, Quote, Snapshot, Trade } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { TimeText } from "./wire-types.ts";

/** Turns what Alpaca says into the normal form; a trade that was taken back is no trade. */
export const snapshotOf = (
  symbol: Ticker,
  wire: z.output<typeof AlpacaSnapshot>,
  receivedAtMs: number,
): Snapshot => ({
  symbol,
  source: "alpaca",
  quote: quoteOf(symbol, wire.latestQuote),
  trade: tradeOf(symbol, wire.latestTrade),
  minuteBar: barOf(symbol, wire.minuteBar),
  dailyBar: barOf(symbol, wire.dailyBar),
  previousDailyBar: barOf(symbol, wire.prevDailyBar),
  receivedAtMs,
});

/** A price as a JSON number, to the nearest ten-thousandth; 0 stands for none. */
const WirePrice = z.number().transform((written, context): Price => {
  const price = priceFromFloat(written);
  if (price !== undefined && price >= 0) return price;
  context.addIssue({ code: "custom", message: "expected a price" });
  return z.NEVER;
});

const WireSize = z.number().nonnegative();

const WireQuote = z.object({
  t: TimeText,
  bp: WirePrice,
  bs: WireSize,
  ap: WirePrice,
  as: WireSize,
});

const WireTrade = z.object({ t: TimeText, p: WirePrice, s: WireSize, u: z.string().optional() });

const WireBar = z.object({
  t: TimeText,
  o: WirePrice,
  h: WirePrice,
  l: WirePrice,
  c: WirePrice,
  v: WireSize,
});

/** What Alpaca says about one symbol, as it writes it; any part may be absent. */
export const AlpacaSnapshot = z.object({
  latestTrade: WireTrade.nullish(),
  latestQuote: WireQuote.nullish(),
  minuteBar: WireBar.nullish(),
  dailyBar: WireBar.nullish(),
  prevDailyBar: WireBar.nullish(),
});

type Absent = null | undefined;

const quoteOf = (symbol: Ticker, wire: z.output<typeof WireQuote> | Absent): Quote | undefined =>
  wire
    ? {
        symbol,
        bid: wire.bp,
        ask: wire.ap,
        bidSize: wire.bs,
        askSize: wire.as,
        exchangeTimeMs: wire.t,
      }
    : undefined;

const tradeOf = (symbol: Ticker, wire: z.output<typeof WireTrade> | Absent): Trade | undefined =>
  wire && wire.u !== "canceled" && wire.u !== "incorrect"
    ? { symbol, price: wire.p, size: wire.s, exchangeTimeMs: wire.t }
    : undefined;

const barOf = (symbol: Ticker, wire: z.output<typeof WireBar> | Absent): Bar | undefined =>
  wire
    ? {
        symbol,
        open: wire.o,
        high: wire.h,
        low: wire.l,
        close: wire.c,
        volume: wire.v,
        startsAtMs: wire.t,
      }
    : undefined;
