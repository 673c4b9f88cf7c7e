import {
  marketPhase,
  nextSession,
  sessionOf,
  type Session,
} from "../../../shared/domain/market/calendar.ts";
import { epochMsToNewYork } from "../../../shared/domain/market/new-york-time.ts";
import { addDays, parseSessionDate } from "../../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { sessionEndingAfter } from "../core/timing.ts";
import type { Json } from "../faults/distort-body.ts";
import { alpacaError, type Route } from "./api.ts";
import { toWireAsset } from "./wire-account.ts";
import { toNewYorkTime } from "./wire-time.ts";

const DAYS_MAX = 3_660;
const DEFAULT_DAYS = 365;

/** Alpaca's clock, calendar and assets. */
export const createCalendarRoutes = (symbols: readonly Ticker[]): readonly Route[] => [
  {
    method: "GET",
    pattern: "/v2/clock",
    answer: ({ nowMs }) => {
      const { phase, session } = marketPhase(nowMs);
      const closing = sessionEndingAfter(nowMs, 0);
      const isBeforeOpen = session !== undefined && nowMs < session.opensAtMs;
      const opening = isBeforeOpen ? session : nextSession(epochMsToNewYork(nowMs).date);
      return {
        status: 200,
        body: {
          timestamp: toNewYorkTime(nowMs),
          is_open: phase === "open",
          next_open: toNewYorkTime(opening.opensAtMs),
          next_close: toNewYorkTime(closing.closesAtMs),
        },
      };
    },
  },
  {
    method: "GET",
    pattern: "/v2/calendar",
    answer: ({ query, nowMs }) => {
      const today = epochMsToNewYork(nowMs).date;
      const start = parseSessionDate((query.get("start") ?? today).slice(0, 10));
      if (start === undefined) return alpacaError(400, 40010000, "start is not a date");
      const wanted = (query.get("end") ?? addDays(start, DEFAULT_DAYS)).slice(0, 10);
      const end = parseSessionDate(wanted);
      if (end === undefined) return alpacaError(400, 40010000, "end is not a date");
      const days: Json[] = [];
      let date = start;
      for (let count = 0; count < DAYS_MAX && date <= end; count++) {
        const session = sessionOf(date);
        if (session !== undefined) days.push(toWireDay(session));
        date = addDays(date, 1);
      }
      return { status: 200, body: days };
    },
  },
  {
    method: "GET",
    pattern: "/v2/assets/{symbol}",
    answer: ({ parameters }) => {
      const symbol = parseTicker(parameters["symbol"] ?? "");
      return symbol !== undefined && symbols.includes(symbol)
        ? { status: 200, body: toWireAsset(symbol) }
        : alpacaError(404, 40410000, `asset not found for ${parameters["symbol"] ?? ""}`);
    },
  },
];

const toWireDay = (session: Session): Json => ({
  date: session.date,
  open: toNewYorkTime(session.opensAtMs).slice(11, 16),
  close: toNewYorkTime(session.closesAtMs).slice(11, 16),
  session_open: "0400",
  session_close: session.isHalfDay ? "1700" : "2000",
  settlement_date: nextSession(session.date).date,
});
