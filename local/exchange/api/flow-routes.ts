import {
  formatMoney,
  moneyFromFloat,
  usd,
  type Money,
} from "../../../shared/domain/market/money.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import { formatPrice } from "../../../shared/domain/market/price.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import type { SeededAlert, SeededPrint } from "../flow/day-flow.ts";
import type { SeededFlow, TidePoint } from "../flow/seeded-flow.ts";
import type { Json } from "../faults/distort-body.ts";
import type { Route, RouteAnswer, RouteInput } from "./api.ts";
import { forSymbol, unprocessable } from "./flow-answer.ts";
import { createReferenceRoutes } from "./flow-reference-routes.ts";
import { parseWireTime } from "./wire-time.ts";

const ALERTS_LIMIT = 100;
const LIMIT_MAX = 200;
const PRINTS_LIMIT = 200;
const MS_PER_HOUR = 3_600_000;
const ALERTS_REACH_MS = 30 * MS_PER_HOUR;
/** The vendor's day of counting ends at 20:00 in New York. */
const QUOTA_SHIFT_MS = 4 * MS_PER_HOUR;
const REQUESTS_PER_DAY = 100_000;

/**
 * Unusual Whales over the seeded flow: numbers as strings, lists under `data`, quota in headers.
 */
export const createFlowRoutes = (flow: SeededFlow): readonly Route[] =>
  withQuota([
    {
      method: "GET",
      pattern: "/api/option-trades/flow-alerts",
      answer: (input) => answerAlerts(flow, input),
    },
    {
      method: "GET",
      pattern: "/api/darkpool/{symbol}",
      answer: forSymbol(flow, (symbol, { nowMs }) =>
        flow
          .printsOf(symbol, nowMs - ALERTS_REACH_MS, nowMs)
          .slice(0, PRINTS_LIMIT)
          .map(toWirePrint),
      ),
    },
    {
      method: "GET",
      pattern: "/api/market/market-tide",
      answer: ({ nowMs }) => ({
        status: 200,
        body: { data: flow.tideUntil(nowMs).map(toWireTide) },
      }),
    },
    ...createReferenceRoutes(flow),
  ]);

const answerAlerts = (flow: SeededFlow, input: RouteInput): RouteAnswer => {
  const { query, nowMs } = input;
  const names = (query.get("ticker_symbol") ?? "").split(",").filter((name) => name !== "");
  const symbols = names.flatMap((name) => parseTicker(name) ?? []);
  if (symbols.length !== names.length) return unprocessable("A ticker is malformed.", input);
  const limit = Number(query.get("limit") ?? ALERTS_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    return unprocessable("The limit must be between 1 and 200.", input);
  }
  const newerThan = query.get("newer_than");
  const fromMs = newerThan === null ? nowMs - ALERTS_REACH_MS : parseMoment(newerThan);
  if (fromMs === undefined) return unprocessable("newer_than is no time.", input);
  const minimum = minimumPremium(query.get("min_premium"));
  if (minimum === undefined) return unprocessable("min_premium is no number.", input);
  const wanted = symbols.length === 0 ? flow.symbols : symbols;
  const alerts = wanted
    .flatMap((symbol) => flow.alertsOf(symbol, fromMs, nowMs))
    .filter(({ totalPremium }) => totalPremium >= minimum)
    .toSorted((left, right) => right.createdAtMs - left.createdAtMs)
    .slice(0, limit);
  return { status: 200, body: { data: alerts.map(toWireAlert) } };
};

/** A time or a count of seconds since 1970. */
const parseMoment = (text: string): number | undefined =>
  /^\d{9,11}$/.test(text) ? Number(text) * 1_000 : parseWireTime(text);

const minimumPremium = (text: string | null): Money | undefined => {
  if (text === null) return usd(0);
  const dollars = Number(text);
  return text.trim() !== "" && Number.isFinite(dollars) ? moneyFromFloat(dollars) : undefined;
};

/** The vendor writes microseconds. */
const toMicroTime = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace("Z", `${String(epochMs % 1_000).padStart(3, "0")}Z`);

const toWireAlert = (alert: SeededAlert): Json => ({
  ticker: alert.symbol,
  created_at: toMicroTime(alert.createdAtMs),
  type: alert.contract,
  strike: formatPrice(alert.strike),
  expiry: alert.expiry,
  option_chain: optionSymbol(alert),
  total_premium: formatMoney(alert.totalPremium),
  total_ask_side_prem: formatMoney(alert.askSidePremium),
  total_bid_side_prem: formatMoney(alert.bidSidePremium),
  total_size: alert.contracts,
  trade_count: alert.tradeCount,
  volume: alert.volume,
  open_interest: alert.openInterest,
  underlying_price: formatPrice(alert.underlyingPrice),
  has_sweep: alert.isSweep,
  has_floor: alert.hasFloor,
  has_multileg: alert.isMultiLeg,
  all_opening_trades: alert.isAllOpening,
  alert_rule: alert.rule,
});

/** The option's symbol as the Options Clearing Corporation writes it. */
const optionSymbol = ({ symbol, expiry, contract, strike }: SeededAlert): string =>
  `${symbol}${expiry.slice(2).replaceAll("-", "")}${contract === "call" ? "C" : "P"}${String(
    strike / 10,
  ).padStart(8, "0")}`;

const toWirePrint = (print: SeededPrint): Json => ({
  ticker: print.symbol,
  executed_at: toMicroTime(print.executedAtMs),
  price: formatPrice(print.price),
  size: print.size,
  premium: formatMoney(print.notional),
  nbbo_bid: formatPrice(print.bid),
  nbbo_ask: formatPrice(print.ask),
  canceled: print.isCanceled,
  tracking_id: print.trackingId,
});

const toWireTide = ({ atMs, netCallPremium, netPutPremium }: TidePoint): Json => ({
  timestamp: new Date(atMs).toISOString(),
  net_call_premium: formatMoney(netCallPremium),
  net_put_premium: formatMoney(netPutPremium),
  net_volume: Math.round((netCallPremium - netPutPremium) / 250_000_000),
});

const withQuota = (routes: readonly Route[]): readonly Route[] => {
  let day = "";
  let count = 0;
  return routes.map((route) => ({
    ...route,
    answer: (input) => {
      const today = epochMsToNewYork(input.nowMs + QUOTA_SHIFT_MS).date;
      count = today === day ? count + 1 : 1;
      day = today;
      const headers = {
        "x-uw-daily-req-count": String(count),
        "x-uw-token-req-limit": String(REQUESTS_PER_DAY),
      };
      return { ...route.answer(input), headers };
    },
  }));
};
