import type { BreakerTransition } from "../domain/breaker/transition.ts";
import type { FlagRollback } from "../domain/flags/flag.ts";
import type { Funnel, FunnelCounts } from "../domain/funnel/funnel.ts";
import type { Evidence } from "../domain/health/evidence.ts";
import type { SystemHealth } from "../domain/health/system-health.ts";
import type { DataMode } from "../domain/market/data-mode.ts";
import type { FeedRecord } from "../domain/market/feed-record.ts";
import type { Money } from "../domain/market/money.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { SessionDate } from "../domain/market/session-date.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { MarketFlow } from "../domain/signals/flow.ts";
import type { ScoreRecord } from "../domain/signals/score-record.ts";
import type { Alert } from "./alerts.ts";

/** The account's value at a moment, for the equity curve. */
export type EquityPoint = { readonly atMs: number; readonly equity: Money };

/** What the last trading cycle was, written when it is over. */
export type CycleRecord = {
  readonly cycleId: string;
  readonly slotMs: number;
  readonly closedAtMs: number;
  readonly outcome: "completed" | "skipped" | "failed";
  readonly reason: string;
  /** How good the market data was, by the worst of its shards; null where none was polled. */
  readonly dataMode: DataMode | null;
};

/** The last word about an incident, and whether it has been told. */
export type AlertRecord = {
  readonly alert: Alert;
  /** When it was handed over; null while it was not: it is told again until it is. */
  readonly toldAtMs: number | null;
  /** When the incident began; absent in records from before this was kept. */
  readonly beganAtMs?: number | undefined;
};

/** Flow as it is stored; what is stored and cannot be read is absent from it. */
export type StoredFlow = MarketFlow & {
  /** A tide is stored that cannot be read: it is missing for all symbols at once. */
  readonly isTideBroken: boolean;
};

/**
 * Everything that may be lost or late without harm to money: snapshots, scores, evidence, health.
 * Eventually consistent and kept for days. Every method throws `RetryableError` when the store
 * does not answer; absence of data is an empty list or `undefined`, never an error.
 */
export type Telemetry = {
  /** Replaces the shard's quotes: one write for up to 100 symbols. */
  readonly recordQuotes: (shard: number, quotes: readonly ValidQuote[]) => Promise<void>;
  readonly loadQuotes: (shard: number) => Promise<readonly ValidQuote[]>;
  /** Replaces what is known of the flow of the symbols that are in it, and of the market. */
  readonly recordFlow: (flow: MarketFlow) => Promise<void>;
  /** The symbols' flow with the market's tide; nothing is known of no symbols. */
  readonly loadFlow: (symbols: readonly Ticker[]) => Promise<StoredFlow>;
  /** Replaces the shard's latest scores. */
  readonly recordScores: (shard: number, scores: readonly ScoreRecord[]) => Promise<void>;
  readonly loadScores: (shard: number) => Promise<readonly ScoreRecord[]>;
  /** Adds to the session's counters. */
  readonly addToFunnel: (sessionDate: SessionDate, counts: FunnelCounts) => Promise<void>;
  readonly loadFunnel: (sessionDate: SessionDate) => Promise<Funnel>;
  readonly recordEvidence: (evidence: Evidence) => Promise<void>;
  /** The component's evidence, newest first, at most `limit`. */
  readonly loadEvidence: (component: string, limit: number) => Promise<readonly Evidence[]>;
  readonly recordHealth: (health: SystemHealth) => Promise<void>;
  /** System health as it was recorded, newest first, at most `limit`. */
  readonly loadHealth: (limit: number) => Promise<readonly SystemHealth[]>;
  readonly recordCycle: (cycle: CycleRecord) => Promise<void>;
  readonly loadCycle: () => Promise<CycleRecord | undefined>;
  readonly recordEquity: (sessionDate: SessionDate, point: EquityPoint) => Promise<void>;
  /** Replaces what is known of where the shard's market data comes from. */
  readonly recordFeed: (shard: number, feed: FeedRecord) => Promise<void>;
  readonly loadFeed: (shard: number) => Promise<FeedRecord | undefined>;
  readonly recordTransition: (transition: BreakerTransition) => Promise<void>;
  /** Changes of breakers' states, newest first, at most `limit`. */
  readonly loadTransitions: (limit: number) => Promise<readonly BreakerTransition[]>;
  /** Replaces the last word about the alert's incident. */
  readonly recordAlert: (record: AlertRecord) => Promise<void>;
  readonly loadAlert: (key: string) => Promise<AlertRecord | undefined>;
  /** The incidents of the last 14 days, at most `limit`, in the order of their keys. */
  readonly loadAlerts: (limit: number) => Promise<readonly AlertRecord[]>;
  /** Replaces what was rolled back; at most one a flag. */
  readonly recordRollbacks: (rollbacks: readonly FlagRollback[]) => Promise<void>;
  readonly loadRollbacks: () => Promise<readonly FlagRollback[]>;
  /** The session's equity curve, oldest first. */
  readonly loadEquity: (sessionDate: SessionDate) => Promise<readonly EquityPoint[]>;
};
