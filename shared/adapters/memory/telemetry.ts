import { isDeepStrictEqual } from "node:util";
import type { BreakerTransition } from "../../domain/breaker/transition.ts";
import type { FlagRollback } from "../../domain/flags/flag.ts";
import { addFunnels, EMPTY_FUNNEL } from "../../domain/funnel/funnel.ts";
import type { Evidence } from "../../domain/health/evidence.ts";
import type { SystemHealth } from "../../domain/health/system-health.ts";
import type { FeedRecord } from "../../domain/market/feed-record.ts";
import type { ValidQuote } from "../../domain/market/quote.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { FlowEvidence } from "../../domain/signals/flow.ts";
import type { ScoreRecord } from "../../domain/signals/score-record.ts";
import type { AlertRecord, CycleRecord, EquityPoint, Telemetry } from "../../ports/telemetry.ts";
import { createFunnelSums, type FunnelSums } from "./funnel-sums.ts";

/** The telemetry of several Regions in one memory. */
type MemoryTelemetry = { readonly ofRegion: (region: string) => Telemetry };

/**
 * Telemetry that keeps what it is given by reference, without keys and documents: a replay records
 * every score of every minute. It holds apart and together what stored telemetry does: what proves
 * a Region's own work is that Region's, the funnel and the equity curve are of all. Nothing expires
 * while it lives.
 */
export const createMemoryTelemetry = (): MemoryTelemetry => {
  const shared: Shared = { funnels: new Map(), equity: new Map() };
  const shelves = new Map<string, Shelf>();
  return {
    ofRegion: (region) => {
      const shelf = shelves.get(region) ?? createShelf();
      shelves.set(region, shelf);
      return {
        ...latestOf(shelf),
        ...timelinesOf(shelf),
        ...alertsOf(shelf),
        ...totalsOf(shared, region),
      };
    },
  };
};

/** What one Region wrote. */
type Shelf = {
  readonly quotes: Map<number, readonly ValidQuote[]>;
  readonly scores: Map<number, readonly ScoreRecord[]>;
  readonly feeds: Map<number, FeedRecord>;
  readonly flow: Map<Ticker, FlowEvidence>;
  readonly evidence: Map<string, Evidence[]>;
  readonly health: SystemHealth[];
  readonly transitions: BreakerTransition[];
  readonly alerts: Map<string, AlertRecord>;
  rollbacks: readonly FlagRollback[];
  cycle: CycleRecord | undefined;
};

const createShelf = (): Shelf => ({
  quotes: new Map(),
  scores: new Map(),
  feeds: new Map(),
  flow: new Map(),
  evidence: new Map(),
  health: [],
  transitions: [],
  alerts: new Map(),
  rollbacks: [],
  cycle: undefined,
});

/** What all Regions wrote together. */
type Shared = {
  readonly funnels: Map<SessionDate, Map<string, FunnelSums>>;
  readonly equity: Map<SessionDate, EquityPoint[]>;
};

/** What is replaced each time. */
const latestOf = (shelf: Shelf) => ({
  recordQuotes: async (shard: number, quotes: readonly ValidQuote[]) => {
    shelf.quotes.set(shard, quotes);
  },
  loadQuotes: async (shard: number) => shelf.quotes.get(shard) ?? [],
  recordFlow: async (evidence: readonly FlowEvidence[]) => {
    for (const each of evidence) shelf.flow.set(each.symbol, each);
  },
  loadFlow: async (symbols: readonly Ticker[]) => {
    const known: FlowEvidence[] = [];
    for (const symbol of symbols) {
      const evidence = shelf.flow.get(symbol);
      if (evidence !== undefined) known.push(evidence);
    }
    return known;
  },
  recordScores: async (shard: number, scores: readonly ScoreRecord[]) => {
    shelf.scores.set(shard, scores);
  },
  loadScores: async (shard: number) => shelf.scores.get(shard) ?? [],
  recordFeed: async (shard: number, feed: FeedRecord) => {
    shelf.feeds.set(shard, feed);
  },
  loadFeed: async (shard: number) => shelf.feeds.get(shard),
  recordCycle: async (cycle: CycleRecord) => {
    shelf.cycle = cycle;
  },
  loadCycle: async () => shelf.cycle,
  recordRollbacks: async (rollbacks: readonly FlagRollback[]) => {
    shelf.rollbacks = rollbacks;
  },
  loadRollbacks: async () => shelf.rollbacks,
});

/** What grows. */
const timelinesOf = (shelf: Shelf) => ({
  recordEvidence: async (evidence: Evidence) => {
    const { component } = evidence;
    const known = shelf.evidence.get(component);
    if (known === undefined) shelf.evidence.set(component, [evidence]);
    else append(known, evidence);
  },
  loadEvidence: async (component: string, limit: number) =>
    newest(shelf.evidence.get(component) ?? [], limit),
  recordHealth: async (health: SystemHealth) => append(shelf.health, health),
  loadHealth: async (limit: number) => newest(shelf.health, limit),
  recordTransition: async (transition: BreakerTransition) => append(shelf.transitions, transition),
  loadTransitions: async (limit: number) => newest(shelf.transitions, limit),
});

const alertsOf = ({ alerts }: Shelf) => ({
  recordAlert: async (record: AlertRecord) => {
    alerts.set(record.alert.key, record);
  },
  loadAlert: async (key: string) => alerts.get(key),
  loadAlerts: async (limit: number) =>
    [...alerts]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .slice(0, limit)
      .map(([, record]) => record),
});

const totalsOf = ({ funnels, equity }: Shared, region: string) => ({
  addToFunnel: async (sessionDate: SessionDate, counts: Parameters<FunnelSums["add"]>[0]) => {
    const byRegion = funnels.get(sessionDate) ?? new Map<string, FunnelSums>();
    funnels.set(sessionDate, byRegion);
    const sums = byRegion.get(region) ?? createFunnelSums();
    byRegion.set(region, sums);
    sums.add(counts);
  },
  loadFunnel: async (sessionDate: SessionDate) => ({
    sessionDate,
    ...[...(funnels.get(sessionDate)?.values() ?? [])]
      .map((sums) => sums.counts())
      .reduce(addFunnels, EMPTY_FUNNEL),
  }),
  recordEquity: async (sessionDate: SessionDate, point: EquityPoint) => {
    const known = equity.get(sessionDate);
    if (known === undefined) equity.set(sessionDate, [point]);
    else append(known, point);
  },
  loadEquity: async (sessionDate: SessionDate) => [...(equity.get(sessionDate) ?? [])],
});

/** Puts a record in its place by time; one that is repeated stands once. */
const append = <Each extends { readonly atMs: number }>(oldestFirst: Each[], one: Each): void => {
  let place = oldestFirst.length;
  for (; place > 0; place--) {
    const before = oldestFirst[place - 1];
    if (before === undefined || before.atMs < one.atMs) break;
    if (before.atMs === one.atMs && isDeepStrictEqual(before, one)) return;
  }
  // Behind what came earlier at the same moment.
  while (oldestFirst[place]?.atMs === one.atMs) place++;
  if (place === oldestFirst.length) oldestFirst.push(one);
  else oldestFirst.splice(place, 0, one);
};

const newest = <Each>(oldestFirst: readonly Each[], limit: number): readonly Each[] =>
  oldestFirst.slice(Math.max(0, oldestFirst.length - limit)).toReversed();
