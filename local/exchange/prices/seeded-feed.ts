import {
  marketPhase,
  previousSession,
  type Session,
} from "../../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { Bar, Quote, Trade } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { createCache } from "../cache.ts";
import { uniformAt } from "../hash.ts";
import { aggregateBars } from "./aggregate-bars.ts";
import type { MarketFeed, MarketState } from "./market-feed.ts";
import { drawMarketDay, MINUTES_PER_DAY, REGIME_TRAITS, type MarketDay } from "./regimes.ts";
import { profileOf } from "./starting-prices.ts";
import { drawSymbolDay, toCents, type SymbolDay } from "./symbol-day.ts";

const MS_PER_MINUTE = 60_000;
const QUOTE_STEP_MS = 500;
const CENT = 100;
/** Three sessions of each symbol are enough for yesterday, today and a look back. */
const SESSIONS_KEPT_MAX = 3;
const DAILY_BARS_MAX = 60;

/**
 * Prices from a seed: a market that switches between calm, trend and turbulence, gaps overnight,
 * volume high at the open and the close, spreads that follow volatility, and a volatility index.
 * Any moment can be asked for in any order, so a restart goes on where it stopped.
 */
export const createSeededFeed = (options: {
  readonly seed: string;
  readonly symbols: readonly Ticker[];
}): MarketFeed => {
  const { seed, symbols } = options;
  const known = new Set(symbols);
  const marketDays = createCache<MarketDay>(SESSIONS_KEPT_MAX);
  const symbolDays = createCache<SymbolDay>(SESSIONS_KEPT_MAX * symbols.length);
  const marketDayOf = (session: Session): MarketDay =>
    marketDays(session.date, () => drawMarketDay(seed, session.date));
  const dayOf = (symbol: Ticker, session: Session): SymbolDay =>
    symbolDays(`${symbol}/${session.date}`, () =>
      drawSymbolDay({
        seed,
        symbol,
        profile: profileOf(symbol),
        session,
        previousSession: previousSession(session.date),
        market: marketDayOf(session),
      }),
    );
  const quoteOf = (symbol: Ticker, atMs: number): Quote | undefined => {
    if (!known.has(symbol)) return undefined;
    const moment = lastTradingMoment(atMs);
    return drawQuote(dayOf(symbol, moment.session), moment.atMs);
  };
  return {
    kind: "seeded",
    symbols,
    quoteOf,
    stateOf: (symbol, atMs) => {
      if (!known.has(symbol)) return undefined;
      const moment = lastTradingMoment(atMs);
      const day = dayOf(symbol, moment.session);
      const before = dayOf(symbol, previousSession(moment.session.date));
      return stateAt(day, before, moment.atMs);
    },
    barsOf: (symbol, span, fromMs, toMs) => {
      if (!known.has(symbol)) return [];
      const read = (session: Session) => dayOf(symbol, session);
      return span === "day" ? dailyBars(read, fromMs, toMs) : minuteBars(read, fromMs, toMs);
    },
    volatilityIndexAt: (atMs) => {
      const moment = lastTradingMoment(atMs);
      const day = marketDayOf(moment.session);
      const minute = minuteOf(moment);
      const value = Math.round((day.volatilityIndex[minute] ?? 0) * 100) / 100;
      return { value, atMs: moment.startsAtMs + minute * MS_PER_MINUTE };
    },
  };
};

type Moment = { readonly session: Session; readonly startsAtMs: number; readonly atMs: number };

/** The moment itself while anything trades, else the end of the last trading day. */
const lastTradingMoment = (atMs: number): Moment => {
  const { phase, session } = marketPhase(atMs);
  const today = session !== undefined && (phase !== "closed" || atMs > session.closesAtMs);
  const last = today ? session : previousSession(epochMsToNewYork(atMs).date);
  // The session's pre-market is five and a half hours long on every day.
  const startsAtMs = last.opensAtMs - 330 * MS_PER_MINUTE;
  const endsAtMs = startsAtMs + MINUTES_PER_DAY * MS_PER_MINUTE;
  return { session: last, startsAtMs, atMs: Math.min(atMs, endsAtMs - 1) };
};

const minuteOf = ({ atMs, startsAtMs }: Moment): number =>
  Math.floor((atMs - startsAtMs) / MS_PER_MINUTE);

const drawQuote = (day: SymbolDay, atMs: number): Quote => {
  const step = Math.floor((atMs - day.startsAtMs) / QUOTE_STEP_MS);
  const timeMs = day.startsAtMs + step * QUOTE_STEP_MS;
  const minute = Math.floor((timeMs - day.startsAtMs) / MS_PER_MINUTE);
  const isRegular = minute >= day.openMinute && minute < day.closeMinute;
  const { spread } = REGIME_TRAITS[day.regimeAt(minute)];
  const mid = day.midAt(timeMs);
  // Half a basis point each side in a calm session, wider at its start and outside it.
  const opening = isRegular && minute < day.openMinute + 3 ? 2 : 1;
  const halfSpread = mid * 0.000_05 * spread * (isRegular ? opening : 5);
  const bid = toCents(mid - Math.max(0.005, halfSpread));
  const ask = Math.max(toCents(mid + Math.max(0.005, halfSpread)), bid + CENT) as Price;
  const sizeAt = (salt: number): number =>
    100 * (1 + Math.floor(uniformAt(day.key, step, salt) ** 2 * (isRegular ? 30 : 6)));
  return {
    symbol: day.symbol,
    bid,
    ask,
    bidSize: sizeAt(11),
    askSize: sizeAt(12),
    exchangeTimeMs: timeMs,
  };
};

/** The last trade hits the bid, lifts the ask, or meets in between. */
const drawTrade = (day: SymbolDay, atMs: number): Trade => {
  const second = Math.floor((atMs - day.startsAtMs) / 1_000);
  const timeMs = day.startsAtMs + second * 1_000;
  const quote = drawQuote(day, timeMs);
  const draw = uniformAt(day.key, second, 13);
  const between = toCents((quote.bid + quote.ask) / 20_000);
  return {
    symbol: day.symbol,
    price: draw < 0.4 ? quote.bid : draw < 0.8 ? quote.ask : between,
    size: 1 + Math.floor(uniformAt(day.key, second, 14) ** 3 * 900),
    exchangeTimeMs: timeMs,
  };
};

const stateAt = (day: SymbolDay, before: SymbolDay, atMs: number): MarketState => {
  const minute = Math.floor((atMs - day.startsAtMs) / MS_PER_MINUTE);
  const until = Math.min(minute, day.closeMinute);
  return {
    quote: drawQuote(day, atMs),
    trade: drawTrade(day, atMs),
    minuteBar: day.minutes[minute - 1],
    dailyBar: aggregateBars(day.minutes.slice(day.openMinute, Math.max(day.openMinute, until))),
    previousDailyBar: aggregateBars(before.minutes.slice(before.openMinute, before.closeMinute)),
  };
};

const minuteBars = (
  read: (session: Session) => SymbolDay,
  fromMs: number,
  toMs: number,
): readonly Bar[] => {
  const { session } = lastTradingMoment(toMs);
  // One earlier session is as far back as minute bars reach.
  return [previousSession(session.date), session]
    .flatMap((each) => read(each).minutes)
    .filter((bar) => bar.startsAtMs >= fromMs && bar.startsAtMs + MS_PER_MINUTE <= toMs);
};

const dailyBars = (
  read: (session: Session) => SymbolDay,
  fromMs: number,
  toMs: number,
): readonly Bar[] => {
  const bars: Bar[] = [];
  let { session } = lastTradingMoment(toMs);
  for (let count = 0; count < DAILY_BARS_MAX && session.opensAtMs >= fromMs; count++) {
    const day = read(session);
    const bar = aggregateBars(day.minutes.slice(day.openMinute, day.closeMinute));
    if (bar !== undefined && session.closesAtMs <= toMs) bars.unshift(bar);
    session = previousSession(session.date);
  }
  return bars;
};
