import type { QuietHours } from "./alerts/quiet-hours.ts";
import type { FlagName, FlagPolicy } from "./flags/flag.ts";
import type { ValidationPolicy } from "./market/check-quote.ts";
import type { Ticker } from "./market/ticker.ts";
import type { VendorPolicy } from "./market/vendor-policy.ts";
import type { Limits } from "./risk/limits.ts";
import type { EnrichmentPolicy } from "./signals/enrich-flow.ts";
import type { EntryPolicy } from "./signals/entry-rule.ts";
import type { ExitPolicy } from "./signals/exit-rule.ts";
import type { GatePolicy, Tier } from "./signals/gate.ts";
import type { Weights } from "./signals/weights.ts";

/** The world that orders go to; it stands in every output. */
export type Mode = "sim" | "shadow" | "paper" | "live";

/** Least severe first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Everything that is configured, validated: what the use cases are given. */
export type Settings = {
  readonly mode: Mode;
  readonly region: string;
  readonly account: string;
  readonly strategy: string;
  /** Distinct, in the order of the configuration. */
  readonly symbols: readonly Ticker[];
  /** Symbols a shard: one function polls one shard. */
  readonly shardSize: number;
  readonly validation: ValidationPolicy;
  readonly marketData: VendorPolicy;
  readonly flags: Readonly<Record<FlagName, FlagPolicy>>;
  readonly enrichment: EnrichmentPolicy;
  readonly weights: Weights;
  readonly tier: Tier;
  readonly gate: GatePolicy;
  readonly entry: EntryPolicy;
  readonly exit: ExitPolicy;
  /** How long an entry may wait until it is sent. */
  readonly entryValidMs: number;
  /** How long an exit may wait; the next cycle decides it anew. */
  readonly exitValidMs: number;
  readonly limits: Limits;
  /** SHA-256, in hexadecimal, of the canonical JSON of `limits`. */
  readonly limitsDigest: string;
  /** Whether every poll's quotes are kept on tape. */
  readonly recordTicks: boolean;
  readonly logLevel: LogLevel;
  /** Absent where there are none. */
  readonly quietHours?: QuietHours | undefined;
};

/** A part of the symbols that one function polls; numbered from 0. */
export type Shard = { readonly shard: number; readonly symbols: readonly Ticker[] };

/** Cuts the symbols into shards, in order. */
export const shardsOf = (symbols: readonly Ticker[], shardSize: number): readonly Shard[] => {
  const shards: Shard[] = [];
  for (let start = 0; start < symbols.length; start += shardSize) {
    shards.push({ shard: shards.length, symbols: symbols.slice(start, start + shardSize) });
  }
  return shards;
};

/** The shard that polls the symbol; `undefined` if the symbol is not configured (any more). */
export const shardOf = (
  symbol: Ticker,
  { symbols, shardSize }: Pick<Settings, "symbols" | "shardSize">,
): number | undefined => {
  const index = indexesOf(symbols).get(symbol);
  return index === undefined ? undefined : Math.floor(index / shardSize);
};

// Every intent asks, and a list may hold a thousand symbols: only the answer is remembered.
const indexesByList = new WeakMap<readonly Ticker[], ReadonlyMap<Ticker, number>>();

const indexesOf = (symbols: readonly Ticker[]): ReadonlyMap<Ticker, number> => {
  const known = indexesByList.get(symbols);
  if (known !== undefined) return known;
  const indexes = new Map(symbols.map((symbol, index) => [symbol, index]));
  indexesByList.set(symbols, indexes);
  return indexes;
};
