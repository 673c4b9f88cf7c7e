import { previousSession } from "../../../shared/domain/market/calendar.ts";
import { addDays } from "../../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { DrugDecision } from "../../../shared/domain/signals/evidence/calendar-evidence.ts";
import {
  drawDrugDecisions,
  drawEconomicEvents,
  drawReferenceFacts,
  type ReferenceFacts,
} from "../flow/reference-facts.ts";
import type { SeededFlow } from "../flow/seeded-flow.ts";
import type { Json } from "../faults/distort-body.ts";
import type { Route, RouteInput } from "./api.ts";
import { forSymbol } from "./flow-answer.ts";

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
    about("/api/etfs/{symbol}/in-outflow", (symbol, { nowMs }) =>
      drawReferenceFacts(symbol, nowMs).fundDays.map(wireFundDay),
    ),
    about("/api/shorts/{symbol}/ftds", (symbol, { nowMs }) => {
      const { date, quantity } = drawReferenceFacts(symbol, nowMs).fails;
      return [{ date, symbol, quantity: String(quantity) }];
    }),
    about("/api/shorts/{symbol}/interest-float/v2", (symbol, input) => [
      wireShortInterest(symbol, input),
    ]),
    about("/api/insider/{symbol}", (symbol, { nowMs }) => wireInsiders(symbol, nowMs)),
    about("/api/institution/{symbol}/ownership", (symbol, { nowMs }) => wireOwners(symbol, nowMs)),
    about("/api/earnings/{symbol}", (symbol, { nowMs }) => wireEarnings(symbol, nowMs)),
    market("/api/congress/recent-trades", (input) => listCongress(flow, input)),
    market("/api/market/economic-calendar", ({ nowMs }) =>
      drawEconomicEvents(nowMs).map(wireEconomicEvent),
    ),
    market("/api/market/fda-calendar", ({ nowMs }) =>
      drawDrugDecisions(flow.symbols, nowMs).map(wireDrugDecision),
    ),
  ];
};

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

const wireFundDay = (day: ReferenceFacts["fundDays"][number]): Json => ({
  date: day.date,
  change: day.changedShares,
  change_prem: String(day.changedShares * 100),
  is_fomc: false,
  volume: day.tradedShares,
});

const wireShortInterest = (symbol: Ticker, { nowMs }: RouteInput): Json => {
  const { date, shares, float, daysToCover } = drawReferenceFacts(symbol, nowMs).shortInterest;
  return {
    symbol,
    market_date: date,
    short_interest: String(shares),
    total_float: String(float),
    percent_returned: ((shares / float) * 100).toFixed(2),
    days_to_cover_returned: daysToCover.toFixed(2),
  };
};

const wireInsiders = (symbol: Ticker, nowMs: number): Json =>
  drawReferenceFacts(symbol, nowMs).insiders.map((trade, index) => ({
    ticker: symbol,
    owner_name: `Officer ${index + 1}`,
    transaction_code: trade.side === "buy" ? "P" : "S",
    amount: String(trade.side === "buy" ? trade.weight : -trade.weight),
    transaction_date: trade.tradedOn,
    filing_date: trade.filedOn,
  }));

const wireOwners = (symbol: Ticker, nowMs: number): Json => {
  const { reportedOn, filedOn, list } = drawReferenceFacts(symbol, nowMs).owners;
  return list.map(({ shares, changedShares }, index) => ({
    name: `Institution ${index + 1}`,
    units: String(shares),
    units_changed: String(changedShares),
    value: String(shares * 100),
    report_date: reportedOn,
    filing_date: filedOn,
  }));
};

const wireEarnings = (symbol: Ticker, nowMs: number): Json => {
  const { earningsOn } = drawReferenceFacts(symbol, nowMs);
  if (earningsOn === undefined) return [];
  return [
    {
      ticker: symbol,
      report_date: earningsOn,
      report_time: "postmarket",
      expected_move_perc: "0.045",
      street_mean_est: "1.25",
    },
  ];
};

const listCongress = (flow: SeededFlow, { query, nowMs }: RouteInput): Json => {
  const asked = parseTicker(query.get("ticker") ?? "");
  return flow.symbols
    .filter((symbol) => asked === undefined || symbol === asked)
    .flatMap((symbol): readonly Json[] =>
      drawReferenceFacts(symbol, nowMs).congress.map((trade, index) => ({
        ticker: symbol,
        name: `Member ${index + 1}`,
        txn_type: trade.side === "buy" ? "Buy" : "Sell",
        amounts: "$1,001 - $15,000",
        transaction_date: trade.tradedOn,
        filed_at_date: trade.filedOn,
      })),
    );
};

const wireEconomicEvent = (atMs: number): Json => ({
  event: "Initial jobless claims",
  type: "report",
  time: new Date(atMs).toISOString(),
  forecast: null,
  prev: null,
  reported_period: new Date(atMs).toISOString().slice(0, 7),
});

const wireDrugDecision = ({ symbol, from, to }: DrugDecision): Json => ({
  ticker: symbol,
  drug: `${symbol}-101`,
  catalyst: "PDUFA Date",
  indication: "A disease.",
  status: "Pending",
  start_date: from,
  end_date: to,
});
