import { hash } from "node:crypto";
import * as z from "zod";
import {
  addFunnels,
  EMPTY_FUNNEL,
  FUNNEL_STAGES,
  type FunnelCounts,
} from "../../domain/funnel/funnel.ts";
import { type SessionDate, sessionDateToDayNumber } from "../../domain/market/session-date.ts";
import type { StoredFlow, Telemetry } from "../../ports/telemetry.ts";
import { FeedRecordCodec } from "./codecs/feed-record.ts";
import { BreakerTransitionCodec } from "./codecs/breaker.ts";
import {
  FlowEvidenceCodec,
  TideRecordCodec,
  type TideRecord,
  toStoredFlow,
} from "./codecs/flow-evidence.ts";
import {
  AlertRecordCodec,
  CountersCodec,
  CycleRecordCodec,
  EquityPointCodec,
  EvidenceCodec,
  FlagRollbackCodec,
  SystemHealthCodec,
} from "./codecs/operations.ts";
import { ScoreRecordCodec } from "./codecs/score-record.ts";
import { ValidQuoteCodec } from "./codecs/valid-quote.ts";
import type { Item, ItemKey, ItemStore } from "./item-store.ts";

const MS_PER_DAY = 86_400_000;
const KEPT_MS = 14 * MS_PER_DAY;

/** Points of one session's equity curve: one a minute of the longest day, several times over. */
const EQUITY_POINTS_MAX = 5_000;
/** Regions that may count one session. */
const REGIONS_MAX = 8;

/**
 * Telemetry on an item store. What proves a Region's own work (snapshots, evidence, health, cycle)
 * is kept apart per Region, so that one Region's health cannot hide another's death; the funnel
 * and the equity curve are of all Regions. What grows expires 14 days after the data's own time.
 * A damaged item counts as absent.
 */
export const createStoredTelemetry = (
  store: ItemStore,
  { region }: { readonly region: string },
): Telemetry => {
  const replace = async (key: ItemKey, document: unknown): Promise<void> => {
    await store.put({ ...key, document }, { type: "none" });
  };
  const append = async (partition: string, atMs: number, document: unknown): Promise<void> => {
    const expiresAtMs = atMs + KEPT_MS;
    const sort = timeSort(atMs, `${region}#${shortDigest(document)}`);
    await store.put({ partition, sort, document, expiresAtMs }, { type: "none" });
  };
  const newest = (partition: string, limit: number): Promise<readonly Item[]> =>
    store.query({ partition, sortPrefix: "", direction: "backward", limit });
  return {
    recordQuotes: (shard, quotes) => replace(shardKey(region, "quotes", shard), quotes),
    loadQuotes: async (shard) =>
      readList(store, await store.get(shardKey(region, "quotes", shard)), ValidQuoteCodec),
    ...flowIn(store, region),
    recordScores: (shard, scores) => replace(shardKey(region, "scores", shard), scores),
    loadScores: async (shard) =>
      readList(store, await store.get(shardKey(region, "scores", shard)), ScoreRecordCodec),
    addToFunnel: async (sessionDate, counts) => {
      const increments = countsToCounters(counts);
      if (Object.keys(increments).length === 0) return;
      const expiresAtMs = sessionDateToDayNumber(sessionDate) * MS_PER_DAY + KEPT_MS;
      await store.add(
        { partition: funnelPartition(sessionDate), sort: region },
        increments,
        expiresAtMs,
      );
    },
    loadFunnel: async (sessionDate) => {
      const items = await newest(funnelPartition(sessionDate), REGIONS_MAX);
      const counts = items.flatMap((item) => readOne(store, item, CountersCodec));
      return { sessionDate, ...counts.map(countersToCounts).reduce(addFunnels, EMPTY_FUNNEL) };
    },
    recordEvidence: (evidence) =>
      append(`evidence#${region}#${evidence.component}`, evidence.atMs, evidence),
    loadEvidence: async (component, limit) =>
      readAll(store, await newest(`evidence#${region}#${component}`, limit), EvidenceCodec),
    recordHealth: (health) => append(`health#${region}`, health.atMs, health),
    loadHealth: async (limit) =>
      (await newest(`health#${region}`, limit)).flatMap((item) =>
        readOne(store, item, SystemHealthCodec),
      ),
    recordCycle: (cycle) => replace(cycleKey(region), cycle),
    loadCycle: async () => {
      const item = await store.get(cycleKey(region));
      return item === undefined ? undefined : readOne(store, item, CycleRecordCodec)[0];
    },
    recordFeed: (shard, feed) => replace(shardKey(region, "feed", shard), feed),
    loadFeed: async (shard) => {
      const item = await store.get(shardKey(region, "feed", shard));
      return item === undefined ? undefined : readOne(store, item, FeedRecordCodec)[0];
    },
    recordTransition: (transition) => append(`transitions#${region}`, transition.atMs, transition),
    loadTransitions: async (limit) =>
      readAll(store, await newest(`transitions#${region}`, limit), BreakerTransitionCodec),
    ...alertsOf(store, region),
    recordRollbacks: (rollbacks) => replace(flagsKey(region), rollbacks),
    loadRollbacks: async () =>
      readList(store, await store.get(flagsKey(region)), FlagRollbackCodec),
    recordEquity: (sessionDate, point) => append(`equity#${sessionDate}`, point.atMs, point),
    loadEquity: async (sessionDate) =>
      (await newest(`equity#${sessionDate}`, EQUITY_POINTS_MAX))
        .flatMap((item) => readOne(store, item, EquityPointCodec))
        .toReversed(),
  };
};

const shardKey = (region: string, kind: "quotes" | "scores" | "feed", shard: number): ItemKey => ({
  partition: `${kind}#${region}#${shard}`,
  sort: "latest",
});

const flowIn = (store: ItemStore, region: string): Pick<Telemetry, "recordFlow" | "loadFlow"> => {
  const flowKey = createFlowKeys(region);
  const tide: ItemKey = { partition: `tide#${region}`, sort: "latest" };
  return {
    recordFlow: ({ evidence, marketTide }) => {
      const items: Item[] = evidence.map((one) => {
        const { partition, sort } = flowKey(one.symbol);
        return { partition, sort, document: store.isTrusted ? one : toStoredFlow(one) };
      });
      const document: TideRecord = marketTide === undefined ? {} : { marketTide };
      items.push({ ...tide, document });
      return store.putMany(items);
    },
    loadFlow: async (symbols) => {
      if (symbols.length === 0) return NO_FLOW;
      // With a full shard one key more than a request takes: two are then sent at once.
      const items = await store.getMany([...symbols.map(flowKey), tide]);
      const isTide = ({ partition }: Item): boolean => partition === tide.partition;
      const place = items.findLastIndex(isTide);
      const found = items[place];
      const [record] = found === undefined ? [] : readOne(store, found, TideRecordCodec);
      const rest = found === undefined ? items : items.toSpliced(place, 1);
      const evidence = readAll(store, rest, FlowEvidenceCodec);
      const isTideBroken = found !== undefined && record === undefined;
      return { evidence, marketTide: record?.marketTide, isTideBroken };
    },
  };
};

const FLOW_KEYS_MAX = 2_000;

/** The same symbols come every minute; their keys are made once. */
const createFlowKeys = (region: string): ((symbol: string) => ItemKey) => {
  const keys = new Map<string, ItemKey>();
  return (symbol) => {
    const known = keys.get(symbol);
    if (known !== undefined) return known;
    const key = { partition: `flow#${region}#${symbol}`, sort: "latest" };
    if (keys.size >= FLOW_KEYS_MAX) keys.clear();
    keys.set(symbol, key);
    return key;
  };
};

const NO_FLOW: StoredFlow = { evidence: [], marketTide: undefined, isTideBroken: false };

const cycleKey = (region: string): ItemKey => ({ partition: `cycle#${region}`, sort: "latest" });

const alertsOf = (
  store: ItemStore,
  region: string,
): Pick<Telemetry, "recordAlert" | "loadAlert" | "loadAlerts"> => ({
  recordAlert: async (record) => {
    const expiresAtMs = record.alert.atMs + KEPT_MS;
    const key = alertKey(region, record.alert.key);
    await store.put({ ...key, document: record, expiresAtMs }, { type: "none" });
  },
  loadAlert: async (key) => {
    const item = await store.get(alertKey(region, key));
    return item === undefined ? undefined : readOne(store, item, AlertRecordCodec)[0];
  },
  loadAlerts: async (limit) => {
    const { partition } = alertKey(region, "");
    const query = { partition, sortPrefix: "", direction: "forward", limit } as const;
    return readAll(store, await store.query(query), AlertRecordCodec);
  },
});

const alertKey = (region: string, key: string): ItemKey => ({
  partition: `alerts#${region}`,
  sort: `key#${key}`,
});

const flagsKey = (region: string): ItemKey => ({ partition: `flags#${region}`, sort: "rollbacks" });

const funnelPartition = (sessionDate: SessionDate): string => `funnel#${sessionDate}`;

/**
 * Sorts by time; the rest keeps two records of one millisecond apart, and a repeated one single.
 */
const timeSort = (atMs: number, rest: string): string =>
  `${Math.floor(atMs).toString().padStart(15, "0")}#${rest}`;

/** What is recorded twice is the same object made again, so that its text needs no sorting. */
const shortDigest = (document: unknown): string =>
  hash("sha256", JSON.stringify(document)).slice(0, 16);

/** The item's value, or nothing where it is damaged. */
const readOne = <Value>(
  store: ItemStore,
  item: Item,
  codec: z.ZodType<Value>,
): readonly Value[] => {
  // A trusted store hands back the very object that was put there, so its type still holds.
  if (store.isTrusted) return [item.document as Value];
  const value = codec.safeParse(item.document);
  return value.success ? [value.data] : [];
};

/** The values of all items that are not damaged. */
const readAll = <Value>(
  store: ItemStore,
  items: readonly Item[],
  codec: z.ZodType<Value>,
): readonly Value[] =>
  store.isTrusted
    ? items.map((item) => item.document as Value)
    : items.flatMap((item) => readOne(store, item, codec));

/** The item's list without the entries that are damaged; empty where there is no list. */
const readList = <Value>(
  store: ItemStore,
  item: Item | undefined,
  codec: z.ZodType<Value>,
): readonly Value[] => {
  if (item === undefined) return [];
  if (store.isTrusted) return item.document as readonly Value[];
  const entries = z.array(z.unknown()).safeParse(item.document);
  if (!entries.success) return [];
  return entries.data.flatMap((entry) => {
    const value = codec.safeParse(entry);
    return value.success ? [value.data] : [];
  });
};

const PASSED = "passed.";
const STOPPED = "stopped.";
const ACTIVITY = "activity.";
const SCORES = "scores.";

type Counters = Readonly<Record<string, number>>;

const countsToCounters = ({ passed, stopped, activity, scores }: FunnelCounts): Counters => {
  const counters: Record<string, number> = {};
  const write = (prefix: string, counts: Counters): void => {
    for (const [name, count] of Object.entries(counts)) counters[prefix + name] = count;
  };
  write(PASSED, passed);
  write(STOPPED, stopped);
  if (activity !== undefined) write(ACTIVITY, activity);
  if (scores !== undefined) write(SCORES, scores);
  return counters;
};

const countersToCounts = (counters: Counters): FunnelCounts => {
  const activity = withPrefix(counters, ACTIVITY);
  const scores = withPrefix(counters, SCORES);
  return {
    passed: Object.fromEntries(
      FUNNEL_STAGES.flatMap((stage) => {
        const count = counters[PASSED + stage];
        return count === undefined ? [] : [[stage, count]];
      }),
    ),
    stopped: withPrefix(counters, STOPPED),
    ...(Object.keys(activity).length === 0 ? {} : { activity }),
    ...(Object.keys(scores).length === 0 ? {} : { scores }),
  };
};

const withPrefix = (counters: Counters, prefix: string): Counters =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]) => [name.slice(prefix.length), count]),
  );
