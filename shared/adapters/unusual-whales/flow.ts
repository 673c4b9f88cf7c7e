import type { Ticker } from "../../domain/market/ticker.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Flow, FlowGap } from "../../ports/flow.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { HttpClient } from "../http/http-client.ts";
import { createVendorReader, type VendorReader } from "../http/vendor-reader.ts";
import { assembleEvidence } from "./assemble-evidence.ts";
import { drugCalendarEndpoint, earningsEndpoint, economicCalendarEndpoint } from "./calendars.ts";
import { congressEndpoint } from "./congress.ts";
import { darkPoolEndpoint } from "./dark-pool.ts";
import { etfFlowEndpoint } from "./etf-flow.ts";
import { failsToDeliverEndpoint } from "./fails-to-deliver.ts";
import { fetchFlowAlerts, type AlertsAnswer, type AlertsReading } from "./flow-alerts.ts";
import { greekExposureEndpoint } from "./greek-exposure.ts";
import { insiderEndpoint } from "./insider.ts";
import { institutionalEndpoint } from "./institutional.ts";
import { ivRankEndpoint } from "./iv-rank.ts";
import { marketTideEndpoint } from "./market-tide.ts";
import { oiChangeEndpoint } from "./oi-change.ts";
import { createPollBook, type Poll, type PollBook } from "./poll-book.ts";
import { shortInterestEndpoint } from "./short-interest.ts";

/** What the adapter needs. */
export type UnusualWhalesDeps = {
  readonly http: HttpClient;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  /** Is told of every gap. */
  readonly report?: (gap: FlowGap) => void;
};

/** What is asked beside the alerts; the first ones first, where all are due. */
const ENDPOINTS = [
  marketTideEndpoint,
  economicCalendarEndpoint,
  drugCalendarEndpoint,
  darkPoolEndpoint,
  greekExposureEndpoint,
  ivRankEndpoint,
  oiChangeEndpoint,
  shortInterestEndpoint,
  failsToDeliverEndpoint,
  earningsEndpoint,
  insiderEndpoint,
  congressEndpoint,
  institutionalEndpoint,
  etfFlowEndpoint,
] as const;

const TIMEOUT_MS = 5_000;
const ALERT_WINDOW_MS = 2 * 60 * 60_000;
const SYMBOLS_PER_CALL = 25;
const CALLS_AT_ONCE = 8;
/** What is asked beside the alerts, per fetch: the vendor allows 120 requests a minute. */
export const POLLS_MAX = 60;
/** With less of the day's quota left than this share, only alerts are asked for. */
const QUOTA_RESERVE = 0.1;
const PAUSE_MS = 60_000;
const GAPS_MAX = 20;

/**
 * Flow of Unusual Whales. Alerts are fetched every time, and their failure is a fault; each other
 * endpoint is asked at its own interval per symbol, and its failure leaves its evidence absent.
 */
export const createUnusualWhalesFlow = (deps: UnusualWhalesDeps): Flow => {
  const reader = createVendorReader({
    http: deps.http,
    clock: deps.clock,
    vendor: "unusual-whales",
    baseUrl: deps.baseUrl,
    headers: { authorization: `Bearer ${deps.token}`, accept: "application/json" },
    secrets: [deps.token],
    timeoutMs: TIMEOUT_MS,
  });
  const book = createPollBook(ENDPOINTS);
  let gaps: FlowGap[] = [];
  const report = (gap: FlowGap): void => {
    if (gaps.length < GAPS_MAX) gaps.push(gap);
    deps.report?.(gap);
  };
  let pausedUntilMs = -Infinity;

  const pauseAfter = (fault: VendorFault): void => {
    if (fault.class !== "RATE_LIMIT") return;
    pausedUntilMs = fault.retryAtMs ?? deps.clock.nowMs() + PAUSE_MS;
  };

  return {
    fetchEvidence: async (symbols) => {
      const nowMs = deps.clock.nowMs();
      gaps = [];
      const [first] = symbols;
      if (first === undefined) return ok({ evidence: [], marketTide: undefined });
      if (nowMs < pausedUntilMs) {
        const fault = reader.fault("RATE_LIMIT", "The vendor asked us to wait.");
        return err({ ...fault, retryAtMs: pausedUntilMs });
      }
      const alerts = await fetchAllAlerts(reader, symbols, nowMs - ALERT_WINDOW_MS);
      if (!alerts.ok) {
        pauseAfter(alerts.error);
        return alerts;
      }
      if (alerts.value.isFull) {
        const detail = "The list was full: older alerts of the window are not known.";
        report({ endpoint: "flow-alerts", symbol: null, class: null, detail });
      }
      if (alerts.value.isQuotaLow) {
        const detail = "The day's quota is nearly used up: only alerts are asked for.";
        report({ endpoint: "quota", symbol: null, class: null, detail });
      } else {
        const polls = book.due(symbols, nowMs, POLLS_MAX);
        await askAll(polls, { reader, book, report, pauseAfter, clock: deps.clock });
      }
      const evidence = symbols.flatMap((symbol) => {
        const reading = alerts.value.readings.get(symbol);
        if (reading?.type === "unreadable") {
          const { detail } = reading;
          report({ endpoint: "flow-alerts", symbol, class: "SCHEMA_ERROR", detail });
        }
        const flowAlerts = reading?.type === "read" ? reading.alerts : undefined;
        const parts = book.partsOf(symbol, nowMs);
        return assembleEvidence(symbol, flowAlerts, parts, nowMs) ?? [];
      });
      const tide = book.partOf({ endpoint: marketTideEndpoint, symbol: first }, nowMs);
      return ok({ evidence, marketTide: tide?.marketTide });
    },
    gaps: async () => gaps,
  };
};

type AllAlerts = {
  readonly readings: ReadonlyMap<Ticker, AlertsReading>;
  readonly isFull: boolean;
  readonly isQuotaLow: boolean;
};

/** All symbols' alerts, or a fault: a contract that no symbol's alerts match has changed. */
const fetchAllAlerts = async (
  reader: VendorReader,
  symbols: readonly Ticker[],
  sinceMs: number,
): Promise<Result<AllAlerts, VendorFault>> => {
  const readings = new Map<Ticker, AlertsReading>();
  const answers: AlertsAnswer[] = [];
  for (let start = 0; start < symbols.length; start += SYMBOLS_PER_CALL) {
    const chunk = symbols.slice(start, start + SYMBOLS_PER_CALL);
    const answer = await fetchFlowAlerts(reader, chunk, sinceMs);
    if (!answer.ok) return answer;
    answers.push(answer.value);
    for (const [symbol, reading] of answer.value.readings) readings.set(symbol, reading);
  }
  const [first] = readings.values();
  const isAnyRead = [...readings.values()].some((reading) => reading.type === "read");
  if (first?.type === "unreadable" && !isAnyRead) {
    return err(reader.fault("SCHEMA_ERROR", first.detail));
  }
  return ok({
    readings,
    isFull: answers.some((answer) => answer.isFull),
    isQuotaLow: answers.some((answer) => isQuotaLow(answer.headers)),
  });
};

const isQuotaLow = (headers: Readonly<Record<string, string>>): boolean => {
  const used = Number(headers["x-uw-daily-req-count"] ?? "");
  const limit = Number(headers["x-uw-token-req-limit"] ?? "");
  return limit > 0 && used >= limit * (1 - QUOTA_RESERVE);
};

type Asking = {
  readonly reader: VendorReader;
  readonly book: PollBook;
  readonly clock: Clock;
  readonly report: (gap: FlowGap) => void;
  readonly pauseAfter: (fault: VendorFault) => void;
};

/** Asks for everything in the list, a few at once; after "too many requests" for nothing more. */
const askAll = async (polls: readonly Poll[], asking: Asking): Promise<void> => {
  const waiting = [...polls];
  const work = async (): Promise<void> => {
    for (let poll = waiting.shift(); poll !== undefined; poll = waiting.shift()) {
      const fault = await askOne(poll, asking);
      if (fault?.class === "RATE_LIMIT") waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
};

const askOne = async (poll: Poll, asking: Asking): Promise<VendorFault | undefined> => {
  const { endpoint, symbol } = poll;
  const reading = await asking.reader.read(
    endpoint.path(symbol),
    endpoint.contract(symbol, asking.clock.nowMs()),
  );
  const nowMs = asking.clock.nowMs();
  if (reading.ok) {
    asking.book.recordAnswer(poll, reading.value.value, nowMs);
    return undefined;
  }
  const willPass = reading.error.class === "NETWORK" || reading.error.class === "RATE_LIMIT";
  asking.book.recordFailure(poll, willPass, nowMs);
  asking.pauseAfter(reading.error);
  asking.report({
    endpoint: endpoint.name,
    symbol: endpoint.scope === "market" ? null : symbol,
    class: reading.error.class,
    detail: `${reading.error.class}: ${reading.error.detail}`,
  });
  return reading.error;
};
