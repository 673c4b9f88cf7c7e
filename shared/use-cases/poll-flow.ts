import { RetryableError, TerminalError } from "../domain/fault.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import type { Settings } from "../domain/settings.ts";
import {
  type ConvictionTrack,
  followEvidence,
  startTrack,
  trackOf,
} from "../domain/signals/conviction-track.ts";
import type { FlowEvidence, MarketFlow } from "../domain/signals/flow.ts";
import type { Clock } from "../ports/clock.ts";
import type { Flow, FlowGap } from "../ports/flow.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { isTransient } from "../ports/vendor-fault.ts";
import { faultKindOf } from "./fault-kind.ts";

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

/** What an environment remembers: it saves work. */
type Memory = {
  readonly tracks: Map<Ticker, ConvictionTrack>;
  /** What was fetched last, all of which is kept: nearly the same stands in the same places. */
  kept: MarketFlow | undefined;
  /** The tracks, in the places where their symbols were looked up last. */
  placed: (ConvictionTrack | undefined)[];
};

/** At most one track a symbol; far beyond what is traded, what is forgotten is read again. */
const TRACKS_MAX = 2_000;

/**
 * Fetches and keeps the flow of the symbols. An outage is not an empty answer: it leaves what is
 * known as it is, ageing by its own time stamps, and throws `RetryableError` or `TerminalError`.
 * How sure each symbol's flow has been is kept with it: the vendor does not say.
 */
export const createPollFlow = (deps: PollFlowDeps): PollFlow => {
  const memory: Memory = { tracks: new Map(), kept: undefined, placed: [] };
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
 * Keeps the evidence, with its history, of every symbol of which the vendor says something new, and
 * the market's tide: the same object says the same. What this environment has not seen yet goes on
 * from the store, and so does what could not be stored.
 */
const keepChanged = async (
  { telemetry, clock, settings }: PollFlowDeps,
  memory: Memory,
  fetched: MarketFlow,
): Promise<readonly FlowGap[]> => {
  const { enrichment } = settings;
  const { tracks, kept } = memory;
  const { marketTide } = fetched;
  const news = newsIn(memory, fetched.evidence);
  const unseen = news.filter(({ track }) => track === undefined);
  if (unseen.length > 0) {
    if (tracks.size + unseen.length > TRACKS_MAX) forget(memory);
    const stored = await telemetry.loadFlow(unseen.map(({ evidence }) => evidence.symbol));
    for (const each of stored.evidence) goOnFrom(tracks, each, enrichment);
  }
  const isTideKept = kept !== undefined && kept.marketTide === marketTide;
  if (news.length === 0 && isTideKept) return [];
  const nowMs = clock.nowMs();
  const { evidence, gaps } = followNews(memory, news, nowMs, enrichment);
  try {
    await telemetry.recordFlow({ evidence, marketTide });
    // What broke is looked at again, even if the vendor says the same.
    memory.kept = gaps.length > 0 ? undefined : fetched;
  } catch (error) {
    forget(memory);
    throw error;
  }
  return gaps;
};

/**
 * The evidence with its history, symbol by symbol. What cannot be worked out, as of sums beyond any
 * money, is a gap of its own symbol: it keeps nothing of the others back.
 */
const followNews = (
  memory: Memory,
  news: readonly News[],
  nowMs: number,
  enrichment: Settings["enrichment"],
): { readonly evidence: readonly FlowEvidence[]; readonly gaps: readonly FlowGap[] } => {
  const evidence: FlowEvidence[] = [];
  const gaps: FlowGap[] = [];
  for (const { evidence: said, track } of news) {
    const { symbol } = said;
    try {
      const followed = track ?? startedTrack(memory, symbol);
      evidence.push(followEvidence(followed, said, nowMs, enrichment));
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

/** What the vendor says, and the track that goes on with it where this environment has one. */
type News = { readonly evidence: FlowEvidence; readonly track: ConvictionTrack | undefined };

/** What is not as it was kept: most minutes bring nothing new of most symbols. */
const newsIn = (memory: Memory, fetched: readonly FlowEvidence[]): readonly News[] => {
  const kept = memory.kept?.evidence;
  const news: News[] = [];
  let place = 0;
  for (const evidence of fetched) {
    if (evidence !== kept?.[place]) {
      const track = trackAt(memory, place, evidence.symbol);
      if (track?.source !== evidence) news.push({ evidence, track });
    }
    place++;
  }
  return news;
};

/** The track of the symbol at a place, which is nearly always the one that stood there before. */
const trackAt = (
  { tracks, placed }: Memory,
  place: number,
  symbol: Ticker,
): ConvictionTrack | undefined => {
  const before = placed[place];
  if (before?.symbol === symbol) return before;
  const track = tracks.get(symbol);
  placed[place] = track;
  return track;
};

/** Goes on from what is stored; where nothing can be made of that, the track begins anew. */
const goOnFrom = (
  tracks: Map<Ticker, ConvictionTrack>,
  stored: FlowEvidence,
  enrichment: Settings["enrichment"],
): void => {
  try {
    tracks.set(stored.symbol, trackOf(stored, enrichment));
  } catch {
    tracks.set(stored.symbol, startTrack(stored.symbol));
  }
};

const startedTrack = ({ tracks }: Memory, symbol: Ticker): ConvictionTrack => {
  const track = tracks.get(symbol) ?? startTrack(symbol);
  tracks.set(symbol, track);
  return track;
};

const forget = (memory: Memory): void => {
  memory.tracks.clear();
  memory.kept = undefined;
  memory.placed = [];
};

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
