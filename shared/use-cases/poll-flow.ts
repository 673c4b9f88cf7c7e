import { RetryableError, TerminalError } from "../domain/fault.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import type { Settings } from "../domain/settings.ts";
import { followEvidence } from "../domain/signals/conviction-track.ts";
import type { FlowEvidence, MarketFlow } from "../domain/signals/flow.ts";
import type { Clock } from "../ports/clock.ts";
import type { Flow, FlowGap } from "../ports/flow.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isTransient } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";
import {
  createFlowMemory,
  type FlowMemory,
  forget,
  isTideStored,
  LOOK_AGAIN_MS,
  type News,
  newsIn,
  startedTrack,
  takeUpStored,
} from "./flow-memory.ts";

/** How many symbols were asked for, and of how many anything is known. */
export type FlowPolled = { readonly symbols: number; readonly withFlow: number };

/** Polls the flow of symbols. */
export type PollFlow = (symbols: readonly Ticker[]) => Promise<FlowPolled>;

/** What polling flow needs. */
export type PollFlowDeps = {
  readonly flow: Flow;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "enrichment">;
};

/**
 * Fetches and keeps the flow of the symbols. An outage is not an empty answer: it leaves what is
 * known as it is, ageing by its own time stamps, and throws `RetryableError` or `TerminalError`.
 * How sure each symbol's flow has been is kept with it: the vendor does not say.
 */
export const createPollFlow = (deps: PollFlowDeps): PollFlow => {
  const memory = createFlowMemory();
  // An environment before this one may have met some: their end is said once by whoever sees it.
  let hadGaps = true;
  let hadBroken = false;
  return async (symbols) => {
    const startedAtMs = deps.clock.monotonicMs();
    const fetched = await deps.flow.fetchEvidence(symbols);
    const evidence = { component: "flow", latencyMs: deps.clock.monotonicMs() - startedAtMs };
    if (!fetched.ok) {
      const detail = `${fetched.error.class}: ${fetched.error.detail}`;
      const atMs = deps.clock.nowMs();
      const fault = faultKindOf(fetched.error);
      const failure = { ...evidence, atMs, succeeded: false, detail, dataAgeMs: null, fault };
      await deps.telemetry.recordEvidence(failure);
      const message = `The flow could not be read. ${detail}`;
      throw isTransient(fetched.error) ? new RetryableError(message) : new TerminalError(message);
    }
    const broken = await keepChanged(deps, memory, fetched.value);
    const known = fetched.value.evidence;
    const atMs = deps.clock.nowMs();
    await deps.telemetry.recordEvidence({
      ...evidence,
      atMs,
      succeeded: true,
      detail: `Of ${known.length} of ${symbols.length} symbols something is known.`,
      dataAgeMs: newestAgeMs(known, atMs),
      fault: null,
    });
    const told = await deps.flow.gaps?.();
    // Where gaps are not told, nothing is known of them: nobody says that every endpoint answers.
    if (told !== undefined || broken.length > 0 || hadBroken) {
      const gaps = [...broken, ...(told ?? []).filter((gap) => gap.class !== null)];
      // Nothing is written while all endpoints answer, save once after one did not.
      if (gaps.length > 0 || hadGaps) await proveEndpoints(deps, gaps);
      hadGaps = gaps.length > 0;
      hadBroken = broken.length > 0;
    }
    return { symbols: symbols.length, withFlow: known.length };
  };
};

/**
 * Keeps the evidence, with its history, of every symbol of which something else is stored, and the
 * market's tide: a minute in which the vendor says the same writes nothing. What this environment
 * has not seen yet goes on from the store, and so does what could not be stored.
 */
const keepChanged = async (
  deps: PollFlowDeps,
  memory: FlowMemory,
  fetched: MarketFlow,
): Promise<readonly FlowGap[]> => {
  const { telemetry, clock, settings } = deps;
  const { marketTide } = fetched;
  const hasLooked = await lookAgain(deps, memory, fetched.evidence);
  const news = newsIn(memory, fetched.evidence);
  const unseen = news.filter(({ track }) => track === undefined);
  if (!hasLooked && unseen.length > 0) await look(deps, memory, unseen);
  const { evidence, gaps } = followNews(memory, news, clock.nowMs(), settings.enrichment);
  if (memory.tide === "broken") gaps.push(BROKEN_TIDE);
  try {
    if (evidence.length > 0 || !isTideStored(memory, marketTide)) {
      await telemetry.recordFlow({ evidence, marketTide });
    }
  } catch (error) {
    forget(memory);
    throw error;
  }
  memory.tide = { stored: marketTide };
  // What broke is looked at again, even if the vendor says the same.
  memory.kept = gaps.length > 0 ? undefined : fetched.evidence;
  return gaps;
};

/** Looks at all of it where that is due; what is known holds on while the store does not answer. */
const lookAgain = async (
  deps: PollFlowDeps,
  memory: FlowMemory,
  fetched: readonly FlowEvidence[],
): Promise<boolean> => {
  const nowMs = deps.clock.monotonicMs();
  if (nowMs - memory.lookedAtMs < LOOK_AGAIN_MS) return false;
  try {
    await look(
      deps,
      memory,
      fetched.map((evidence) => ({ evidence })),
    );
  } catch (error) {
    if (error instanceof RetryableError) return false;
    throw error;
  }
  memory.lookedAtMs = nowMs;
  return true;
};

const look = async (
  { telemetry, settings }: PollFlowDeps,
  memory: FlowMemory,
  of: readonly Pick<News, "evidence">[],
): Promise<void> => {
  const symbols = of.map(({ evidence }) => evidence.symbol);
  takeUpStored(memory, symbols, await telemetry.loadFlow(symbols), settings.enrichment);
};

/** It is missing from every score meanwhile; it is written again at once. */
const BROKEN_TIDE: FlowGap = {
  endpoint: "market-tide",
  symbol: null,
  class: "UNKNOWN",
  detail: "What was stored of it could not be read.",
};

/**
 * The evidence with its history of every symbol of which something else is stored. What cannot be
 * worked out, as of sums beyond any money, is a gap of its own symbol: it keeps nothing of the
 * others back.
 */
const followNews = (
  memory: FlowMemory,
  news: readonly News[],
  nowMs: number,
  enrichment: Settings["enrichment"],
): { readonly evidence: readonly FlowEvidence[]; readonly gaps: FlowGap[] } => {
  const evidence: FlowEvidence[] = [];
  const gaps: FlowGap[] = [];
  for (const { evidence: said, track } of news) {
    const { symbol } = said;
    try {
      const followed = track ?? startedTrack(memory, symbol);
      const stored = followed.evidence;
      const now = followEvidence(followed, said, nowMs, enrichment);
      if (now !== stored) evidence.push(now);
    } catch (error) {
      // Whatever was worked out by half does not count.
      memory.tracks.delete(symbol);
      memory.placed = [];
      const detail = `Nothing can be made of it. ${error instanceof Error ? error.message : ""}`;
      const gap = { endpoint: "flow-alerts", symbol, class: "SCHEMA_ERROR", detail } as const;
      if (gaps.length < GAPS_MAX) gaps.push(gap);
    }
  }
  return { evidence, gaps };
};

/** As many as a port tells of. */
const GAPS_MAX = 20;

const GAPS_TOLD = 3;

/**
 * Evidence of the endpoints beside the alerts: what one does not say is missing from the scores.
 */
const proveEndpoints = (
  { telemetry, clock }: PollFlowDeps,
  gaps: readonly FlowGap[],
): Promise<void> => {
  const told = gaps
    .slice(0, GAPS_TOLD)
    .map(
      ({ endpoint, symbol, detail }) =>
        `${endpoint}${symbol === null ? "" : ` ${symbol}`}: ${detail}`,
    );
  const more = gaps.length > GAPS_TOLD ? [`${gaps.length - GAPS_TOLD} more.`] : [];
  return telemetry.recordEvidence({
    component: "flow-endpoints",
    atMs: clock.nowMs(),
    succeeded: gaps.length === 0,
    detail: gaps.length === 0 ? "Every endpoint answers." : [...told, ...more].join(" "),
    latencyMs: null,
    dataAgeMs: null,
    fault: kindOf(gaps),
  });
};

/** A contract that has changed is the worst of them: it does not pass. */
const kindOf = (gaps: readonly FlowGap[]): Evidence["fault"] => {
  const classes = gaps.map((gap) => gap.class);
  if (classes.includes("SCHEMA_ERROR")) return "schema";
  return classes.includes("AUTH_ERROR") ? "configuration" : null;
};

/** The age of the newest alert by the vendor's time stamp; null if no symbol has any. */
const newestAgeMs = (evidence: readonly FlowEvidence[], nowMs: number): number | null => {
  let newestMs = -Infinity;
  for (const { flowAlerts } of evidence) {
    if (flowAlerts !== undefined && flowAlerts.observedAtMs > newestMs) {
      newestMs = flowAlerts.observedAtMs;
    }
  }
  return newestMs === -Infinity ? null : Math.max(0, nowMs - newestMs);
};
