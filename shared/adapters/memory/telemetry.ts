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
import type { FlowEvidence, MarketFlow, MarketTide } from "../../domain/signals/flow.ts";
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
  marketTide: MarketTide | undefined;
  readonly evidence: Map<string, Timeline<Evidence>>;
  readonly health: Timeline<SystemHealth>;
  readonly transitions: Timeline<BreakerTransition>;
  readonly alerts: Map<string, AlertRecord>;
  /** The alerts in the order of their keys, as they were read last. */
  alertsRead: readonly AlertRecord[] | undefined;
  rollbacks: readonly FlagRollback[];
  cycle: CycleRecord | undefined;
};

/** What grows, with its newest part as it was read last: most of it is read more than written. */
type Timeline<Each> = { readonly oldestFirst: Each[]; read: Reading<Each> | undefined };

type Reading<Each> = { readonly limit: number; readonly newestFirst: readonly Each[] };

const emptyTimeline = <Each>(): Timeline<Each> => ({ oldestFirst: [], read: undefined });

const createShelf = (): Shelf => ({
  quotes: new Map(),
  scores: new Map(),
  feeds: new Map(),
  flow: new Map(),
  marketTide: undefined,
  evidence: new Map(),
  health: emptyTimeline(),
  transitions: emptyTimeline(),
  alerts: new Map(),
  alertsRead: undefined,
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
  recordFlow: async ({ evidence, marketTide }: MarketFlow) => {
    for (const each of evidence) shelf.flow.set(each.symbol, each);
    shelf.marketTide = marketTide;
  },
  loadFlow: async (symbols: readonly Ticker[]) => {
    const known: FlowEvidence[] = [];
    for (const symbol of symbols) {
      const evidence = shelf.flow.get(symbol);
      if (evidence !== undefined) known.push(evidence);
    }
    const marketTide = symbols.length === 0 ? undefined : shelf.marketTide;
    return { evidence: known, marketTide, isTideBroken: false };
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
    const { component, atMs, succeeded, detail, latencyMs, dataAgeMs, fault } = evidence;
    const known = shelf.evidence.get(component);
    const timeline = known ?? emptyTimeline<Evidence>();
    if (known === undefined) shelf.evidence.set(component, timeline);
    // All in one shape, as a store hands them out: each look at health reads hundreds of them.
    extend(timeline, { component, atMs, succeeded, detail, latencyMs, dataAgeMs, fault });
  },
  loadEvidence: async (component: string, limit: number) => {
    const known = shelf.evidence.get(component);
    return known === undefined ? [] : newest(known, limit);
  },
  recordHealth: async (health: SystemHealth) => extend(shelf.health, health),
  loadHealth: async (limit: number) => newest(shelf.health, limit),
  recordTransition: async (transition: BreakerTransition) => extend(shelf.transitions, transition),
  loadTransitions: async (limit: number) => newest(shelf.transitions, limit),
});

const alertsOf = (shelf: Shelf) => ({
  recordAlert: async (record: AlertRecord) => {
    shelf.alerts.set(record.alert.key, record);
    shelf.alertsRead = undefined;
  },
  loadAlert: async (key: string) => shelf.alerts.get(key),
  loadAlerts: async (limit: number) => {
    shelf.alertsRead ??= [...shelf.alerts.values()].toSorted((one, other) =>
      one.alert.key < other.alert.key ? -1 : 1,
    );
    return shelf.alertsRead.slice(0, limit);
  },
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
    if (before.atMs === one.atMs && isSame(before, one)) return;
  }
  // Behind what came earlier at the same moment.
  while (oldestFirst[place]?.atMs === one.atMs) place++;
  if (place === oldestFirst.length) oldestFirst.push(one);
  else oldestFirst.splice(place, 0, one);
};

/** Plain values are looked at first: nearly all records hold nothing else. */
const isSame = <Each extends object>(before: Each, one: Each): boolean => {
  let isFlat = true;
  for (const name in one) {
    const value = one[name];
    if (typeof value === "object" && value !== null) isFlat = false;
    else if (!Object.is(value, before[name])) return false;
  }
  return isFlat
    ? Object.keys(before).length === Object.keys(one).length
    : isDeepStrictEqual(before, one);
};

const extend = <Each extends { readonly atMs: number }>(
  timeline: Timeline<Each>,
  one: Each,
): void => {
  append(timeline.oldestFirst, one);
  timeline.read = undefined;
};

const newest = <Each>(timeline: Timeline<Each>, limit: number): readonly Each[] => {
  if (timeline.read?.limit === limit) return timeline.read.newestFirst;
  const { oldestFirst } = timeline;
  const newestFirst = oldestFirst.slice(Math.max(0, oldestFirst.length - limit)).toReversed();
  timeline.read = { limit, newestFirst };
  return newestFirst;
};
