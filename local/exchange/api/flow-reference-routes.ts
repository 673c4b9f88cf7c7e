import { nextSession, previousSession } from "../../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import { addDays, type SessionDate } from "../../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { SeededFlow } from "../flow/seeded-flow.ts";
import { hashText, normalAt, uniformAt } from "../hash.ts";
import type { Json } from "../faults/distort-body.ts";
import type { Route, RouteInput } from "./api.ts";
import { forSymbol } from "./flow-answer.ts";

type Draw = (salt: number) => number;

const market = (pattern: string, list: (input: RouteInput) => Json): Route => ({
  method: "GET",
  pattern,
  answer: (input) => ({ status: 200, body: { data: list(input) } }),
});

/** Data that is published daily or less often; one plausible list for each endpoint. */
export const createReferenceRoutes = (flow: SeededFlow): readonly Route[] => {
  const about = (pattern: string, list: (symbol: Ticker, input: RouteInput) => Json): Route => ({
    method: "GET",
    pattern,
    answer: forSymbol(flow, list),
  });
  return [
    about("/api/stock/{symbol}/greek-exposure", (symbol, { nowMs }) => [
      wireGreeks(flow, symbol, nowMs),
    ]),
    about("/api/stock/{symbol}/oi-change", (symbol, { nowMs }) => wireChanges(flow, symbol, nowMs)),
    about("/api/stock/{symbol}/iv-rank", (symbol, { nowMs }) => [wireRank(flow, symbol, nowMs)]),
    about("/api/etfs/{symbol}/in-outflow", (symbol, input) => listOutflows(symbol, input)),
    about("/api/shorts/{symbol}/ftds", (symbol, input) => listFails(symbol, input)),
    about("/api/shorts/{symbol}/interest-float/v2", (symbol, input) => [
      wireShortInterest(symbol, input),
    ]),
    about("/api/insider/{symbol}", (symbol, input) => listInsiders(symbol, input)),
    about("/api/institution/{symbol}/ownership", (symbol, input) => listOwners(symbol, input)),
    about("/api/earnings/{symbol}", (symbol, input) => [wireEarnings(symbol, input)]),
    market("/api/congress/recent-trades", (input) => listCongress(flow, input)),
    market("/api/market/economic-calendar", listEconomicEvents),
    market("/api/market/fda-calendar", () => []),
  ];
};

const drawFor = (symbol: Ticker, topic: string): Draw => {
  const key = hashText(`${topic}/${symbol}`);
  return (salt) => uniformAt(key, salt);
};

const sessionBefore = (nowMs: number): SessionDate =>
  previousSession(epochMsToNewYork(nowMs).date).date;

const wireGreeks = (flow: SeededFlow, symbol: Ticker, nowMs: number): Json => {
  const { session, callGamma, putGamma } = flow.factsAt(symbol, nowMs);
  return {
    date: session.date,
    call_gamma: String(callGamma),
    put_gamma: String(putGamma),
    call_delta: String(callGamma * 38),
    put_delta: String(putGamma * 31),
  };
};

const wireChanges = (flow: SeededFlow, symbol: Ticker, nowMs: number): Json => {
  const { session, callChange, putChange } = flow.factsAt(symbol, nowMs);
  const expiry = addDays(session.date, 30).slice(2).replaceAll("-", "");
  const row = (letter: "C" | "P", change: number): Json => ({
    underlying_symbol: symbol,
    option_symbol: `${symbol}${expiry}${letter}00100000`,
    curr_date: session.date,
    last_date: previousSession(session.date).date,
    last_oi: 60_000,
    curr_oi: 60_000 + change,
    oi_diff_plain: change,
    oi_change: (change / 60_000).toFixed(6),
  });
  return [row("C", callChange), row("P", putChange)];
};

const wireRank = (flow: SeededFlow, symbol: Ticker, nowMs: number): Json => {
  const { session, ivRank, volatility } = flow.factsAt(symbol, nowMs);
  return {
    date: session.date,
    iv_rank_1y: String(ivRank),
    volatility: String(volatility),
    updated_at: new Date(session.closesAtMs).toISOString(),
  };
};

const listOutflows = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const date = sessionBefore(nowMs);
  const change = Math.round(2_000_000 * normalAt(hashText(`etf/${symbol}/${date}`), 1));
  return [{ date, change, change_prem: String(change * 100), is_fomc: false, volume: 40_000_000 }];
};

const listFails = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const date = sessionBefore(nowMs);
  const quantity = Math.round(10 ** (2 + 3.2 * drawFor(symbol, `ftd/${date}`)(1)));
  return [{ date: addDays(date, -14), symbol, quantity: String(quantity) }];
};

const wireShortInterest = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const draw = drawFor(symbol, "short-interest");
  const total = Math.round(10 ** (7.5 + 2 * draw(1)));
  const share = 0.01 + 0.22 * draw(2) ** 3;
  return {
    symbol,
    market_date: addDays(sessionBefore(nowMs), -9),
    short_interest: String(Math.round(total * share)),
    total_float: String(total),
    percent_returned: (share * 100).toFixed(2),
    days_to_cover_returned: (1 + 7 * draw(3) ** 2).toFixed(2),
  };
};

const listInsiders = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const date = sessionBefore(nowMs);
  const draw = drawFor(symbol, `insider/${date.slice(0, 7)}`);
  const count = Math.floor(4 * draw(1));
  return Array.from({ length: count }, (_none, index) => ({
    ticker: symbol,
    owner_name: `Officer ${index + 1}`,
    transaction_code: draw(10 + index) < 0.35 ? "P" : "S",
    amount: String(Math.round(100 + 20_000 * draw(20 + index))),
    transaction_date: addDays(date, -3 - index * 4),
    filing_date: addDays(date, -1 - index * 4),
  }));
};

const listOwners = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const date = sessionBefore(nowMs);
  const draw = drawFor(symbol, `owners/${date.slice(0, 7)}`);
  return Array.from({ length: 12 }, (_none, index) => {
    const units = Math.round(10 ** (5 + 2.5 * draw(30 + index)));
    return {
      name: `Institution ${index + 1}`,
      units: String(units),
      units_changed: String(Math.round(units * 0.1 * (draw(50 + index) - 0.45))),
      value: String(units * 100),
      report_date: addDays(date, -60),
      filing_date: addDays(date, -15),
    };
  });
};

const wireEarnings = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const today = epochMsToNewYork(nowMs).date;
  const quarter = Math.floor(nowMs / (91 * 86_400_000));
  const days = Math.floor(91 * uniformAt(hashText(`earnings/${symbol}`), quarter));
  return {
    ticker: symbol,
    report_date: addDays(today, days),
    report_time: "postmarket",
    expected_move_perc: "0.045",
    street_mean_est: "1.25",
  };
};

const listCongress = (flow: SeededFlow, { query, nowMs }: RouteInput): Json => {
  const asked = parseTicker(query.get("ticker") ?? "");
  const date = sessionBefore(nowMs);
  return flow.symbols
    .filter((symbol) => asked === undefined || symbol === asked)
    .flatMap((symbol): readonly Json[] => {
      const draw = drawFor(symbol, `congress/${date.slice(0, 7)}`);
      return Array.from({ length: Math.floor(3 * draw(1)) }, (_none, index) => ({
        ticker: symbol,
        name: `Member ${index + 1}`,
        txn_type: draw(10 + index) < 0.55 ? "Buy" : "Sell",
        amounts: "$1,001 - $15,000",
        transaction_date: addDays(date, -20 - index),
        filed_at_date: addDays(date, -2 - index),
      }));
    });
};

const listEconomicEvents = ({ nowMs }: RouteInput): Json => {
  const next = nextSession(epochMsToNewYork(nowMs).date);
  return [
    {
      event: "Initial jobless claims",
      type: "report",
      time: new Date(next.opensAtMs - 3_600_000).toISOString(),
      forecast: null,
      prev: null,
      reported_period: next.date.slice(0, 7),
    },
  ];
};
