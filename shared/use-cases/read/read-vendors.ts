import type { DataMode } from "../../domain/market/data-mode.ts";
import { worseMode } from "../../domain/market/data-mode.ts";
import type { FeedRecord, FeedVendor } from "../../domain/market/feed-record.ts";
import type { ValidQuote, VendorName } from "../../domain/market/quote.ts";
import { penaltyOf } from "../../domain/market/vendor-standing.ts";
import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { BreakerRecord, BreakerRecords } from "../../ports/breaker-records.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { loadQuotes } from "./load-quotes.ts";

/** How one vendor does, over all shards; of several figures the worst stands. */
export type VendorView = Omit<FeedVendor, "requestsLeft"> & {
  /** 100 is nothing against it; those with more are asked first. */
  readonly score: number;
  /** Of its quotes, those that the vendors who agree say as well, 0 to 1. */
  readonly agreement: number;
  /** Of the newest quote that it gave or confirmed, by the exchange's time; null if none stands. */
  readonly dataAgeMs: number | null;
  /** Symbols whose last quote is its own, and those whose quote it confirms. */
  readonly prices: number;
  readonly confirms: number;
  /** What it is used for now. */
  readonly use: "prices" | "confirmation" | "reserve" | "none";
  readonly requestsUsed: number;
  readonly breaker: BreakerRecord["breaker"]["state"];
  /** When its breaker lets probes out; null where it is not open. */
  readonly probesAtMs: number | null;
};

/** Where market data comes from. */
export type VendorsView = {
  readonly atMs: number;
  /** The worst of the shards; null before the first poll. */
  readonly dataMode: DataMode | null;
  /** When the figures of the oldest shard were kept, epoch ms: on a change, and every 5 minutes. */
  readonly keptAtMs: number | null;
  readonly vendorsToAgree: number;
  /** The preferred one first. */
  readonly vendors: readonly VendorView[];
};

/** What reading the vendors needs. */
export type ReadVendorsDeps = {
  readonly telemetry: Pick<Telemetry, "loadFeed" | "loadQuotes">;
  readonly breakers: Pick<BreakerRecords, "list">;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "symbols" | "shardSize" | "validation">;
};

/** Reads how the vendors of market data do, from what the functions keep and nothing else. */
export const createReadVendors = (deps: ReadVendorsDeps) => async (): Promise<VendorsView> => {
  const { symbols, shardSize, validation } = deps.settings;
  const [loaded, quotes, breakers] = await Promise.all([
    Promise.all(shardsOf(symbols, shardSize).map(({ shard }) => deps.telemetry.loadFeed(shard))),
    loadQuotes(deps.telemetry, deps.settings),
    deps.breakers.list(),
  ]);
  const feeds = loaded.filter((feed) => feed !== undefined);
  const atMs = deps.clock.nowMs();
  const names = [...new Set(feeds.flatMap(({ vendors }) => vendors.map(({ vendor }) => vendor)))];
  const modes = feeds.map(({ dataMode }) => dataMode);
  return {
    atMs,
    dataMode: modes.length === 0 ? null : modes.reduce(worseMode),
    keptAtMs: feeds.length === 0 ? null : Math.min(...feeds.map((feed) => feed.atMs)),
    vendorsToAgree: validation.vendorsToAgree,
    vendors: names.map((vendor) => viewOf(vendor, { feeds, quotes, breakers, atMs })),
  };
};

type Known = {
  readonly feeds: readonly FeedRecord[];
  readonly quotes: readonly ValidQuote[];
  readonly breakers: readonly BreakerRecord[];
  readonly atMs: number;
};

const viewOf = (vendor: VendorName, { feeds, quotes, breakers, atMs }: Known): VendorView => {
  const parts = feeds.flatMap(({ vendors }) => vendors.filter((one) => one.vendor === vendor));
  const worst = parts.reduce((left, right) => (badness(right) > badness(left) ? right : left));
  const sum = (count: (part: FeedVendor) => number): number =>
    parts.reduce((total, part) => total + count(part), 0);
  const priced = quotes.filter(({ source }) => source === vendor);
  const confirmed = quotes.filter(
    ({ confirmedBy }) => confirmedBy !== "single" && confirmedBy.includes(vendor),
  );
  const times = [...priced, ...confirmed].map(({ exchangeTimeMs }) => exchangeTimeMs);
  const breaker = breakers.find(({ name }) => name === `${vendor}.snapshots`)?.breaker;
  const { requestsLeft: _left, ...figures } = worst;
  const requestsPerMinute = sum((part) => part.requestsPerMinute);
  return {
    ...figures,
    p50Ms: mostOf(parts.map(({ p50Ms }) => p50Ms)),
    p95Ms: mostOf(parts.map(({ p95Ms }) => p95Ms)),
    requestsPerMinute,
    requestsUsed: requestsPerMinute - sum((part) => part.requestsLeft),
    answers: sum((part) => part.answers),
    answersOverKept: sum((part) => part.answersOverKept),
    score: Math.round(100 / (1 + penaltyOf({ standing: worst, cost: 0 }) / POINTS_TO_HALVE)),
    agreement: 1 - worst.oddShare,
    dataAgeMs: times.length === 0 ? null : Math.max(0, atMs - Math.max(...times)),
    prices: priced.length,
    confirms: confirmed.length,
    use: useOf(worst, priced.length, confirmed.length),
    breaker: breaker?.state ?? "closed",
    probesAtMs: breaker?.state === "open" ? breaker.untilMs : null,
  };
};

/** So many points against a vendor leave half of its score. */
const POINTS_TO_HALVE = 5;

const OUTCOMES = ["notNeeded", "answered", "refused", "failed"] as const;

/** A worse outcome counts before a worse standing. */
const badness = (part: FeedVendor): number =>
  OUTCOMES.indexOf(part.outcome) * 1_000_000 + penaltyOf({ standing: part, cost: 0 });

const mostOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

const useOf = ({ outcome }: FeedVendor, prices: number, confirms: number): VendorView["use"] => {
  if (outcome === "failed" || outcome === "refused") return "none";
  if (prices > 0) return "prices";
  return confirms > 0 ? "confirmation" : "reserve";
};
