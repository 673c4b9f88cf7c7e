import * as z from "zod";
import { parseTicker } from "../../domain/market/ticker.ts";
import type { Endpoint } from "./evidence-part.ts";
import { WireSessionDate, WireTime } from "./wire-types.ts";

const SIX_HOURS_MS = 6 * 60 * 60_000;

/** When a company reports its earnings; a fund never does. */
export const earningsEndpoint: Endpoint = {
  name: "earnings",
  scope: "symbol",
  intervalMs: SIX_HOURS_MS,
  path: (symbol) => `/api/earnings/${encodeURIComponent(symbol)}`,
  contract: () =>
    Earnings.transform(({ data }) => ({
      earnings: { dates: data.map(({ report_date: date }) => date) },
    })),
};

/** When figures on the economy are published. */
export const economicCalendarEndpoint: Endpoint = {
  name: "economic-calendar",
  scope: "market",
  intervalMs: SIX_HOURS_MS,
  path: () => "/api/market/economic-calendar",
  contract: () =>
    Events.transform(({ data }) => ({ economicEvents: { atMs: data.map(({ time }) => time) } })),
};

/** When the drug agency decides about which company. */
export const drugCalendarEndpoint: Endpoint = {
  name: "fda-calendar",
  scope: "market",
  intervalMs: SIX_HOURS_MS,
  path: () => "/api/market/fda-calendar",
  contract: () =>
    Decisions.transform(({ data }) => ({
      drugDecisions: data.flatMap(({ ticker, start_date: from, end_date: to }) => {
        // Some companies are not listed here, or under a name that is no ticker of ours.
        const symbol = parseTicker(ticker ?? "");
        return symbol === undefined ? [] : [{ symbol, from, to: to ?? from }];
      }),
    })),
};

const Earnings = z.object({
  data: z.array(z.object({ report_date: WireSessionDate })).max(2_000),
});

const Events = z.object({ data: z.array(z.object({ time: WireTime })).max(2_000) });

const Decisions = z.object({
  data: z
    .array(
      z.object({
        ticker: z.string().nullable(),
        start_date: WireSessionDate,
        end_date: WireSessionDate.nullish(),
      }),
    )
    .max(2_000),
});
