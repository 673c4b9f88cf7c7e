import { activityKey, halfHourOf } from "../domain/funnel/activity.ts";
import { stoppedAt, type FunnelCounts, type FunnelStage } from "../domain/funnel/funnel.ts";
import { SCORE_BINS, scoreBinOf } from "../domain/funnel/score-distribution.ts";
import type { Session } from "../domain/market/calendar.ts";
import type { QuotedPrice } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { ScoreRecord } from "../domain/signals/score-record.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Decision } from "./decide-symbol.ts";
import type { MarketDataMessage } from "./market-data-message.ts";

/** The last prices of symbols whose moves are sampled. Changed in place; a few of each shard. */
export type PriceSamples = Map<Ticker, { readonly mid: number; readonly atMs: number }>;

/** A message and what was decided on it. */
export type DecidedMessage = {
  readonly message: MarketDataMessage;
  readonly decisions: readonly Decision[];
  /** The newest quote of each symbol; none where the message is stale. */
  readonly quotes: readonly QuotedPrice[];
  readonly session: Session | undefined;
  readonly isStale: boolean;
  readonly nowMs: number;
  readonly mids: PriceSamples;
};

/**
 * Keeps the score of every symbol and counts where each left the funnel and why. Throws
 * `RetryableError` while telemetry does not answer.
 */
export const recordDecisions = async (
  telemetry: Pick<Telemetry, "recordScores" | "addToFunnel">,
  decided: DecidedMessage,
): Promise<void> => {
  const { message, decisions, quotes, isStale, nowMs } = decided;
  const { ends, bins } = countDecisions(decisions);
  const stopped = toStopped(ends);
  // Of several quotes of a symbol in one message only the newest is decided on, of a stale one
  // none.
  const passedOver = message.quotes.length - quotes.length;
  const reason = isStale ? "messageStale" : "superseded";
  if (passedOver > 0) stopped[stoppedAt("scored", reason)] = passedOver;
  // Scores of a newer message stand already.
  if (!isStale) {
    await telemetry.recordScores(
      message.shard,
      decisions.map((each) => toScoreRecord(each, nowMs)),
    );
  }
  const activity = activityIn(decided, entriesIn(ends));
  await telemetry.addToFunnel(message.sessionDate, {
    passed: toPassed(ends),
    stopped,
    scores: toBins(bins),
    ...(activity === undefined ? {} : { activity }),
  });
};

/**
 * How many decisions ended alike. They share their stages and their stops, so that each is counted
 * as the object it is, and named afterwards. Changed in place.
 */
type End = {
  readonly passed: Decision["passed"];
  readonly stop: Decision["stop"];
  readonly isEntry: boolean;
  count: number;
};

type DecisionCounts = { readonly ends: readonly End[]; readonly bins: readonly number[] };

const countDecisions = (decisions: readonly Decision[]): DecisionCounts => {
  const ends: End[] = [];
  const bins = Array<number>(SCORE_BINS).fill(0);
  for (const { score, passed, stop, intent } of decisions) {
    if (score !== undefined) {
      const bin = scoreBinOf(score.score);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    endOf(ends, passed, stop, intent?.purpose === "entry").count++;
  }
  return { ends, bins };
};

/** A message of a hundred symbols has a handful of ends: they are looked through, not looked up. */
const endOf = (
  ends: End[],
  passed: Decision["passed"],
  stop: Decision["stop"],
  isEntry: boolean,
): End => {
  for (const end of ends) {
    if (end.stop === stop && end.passed === passed && end.isEntry === isEntry) return end;
  }
  const end: End = { passed, stop, isEntry, count: 0 };
  ends.push(end);
  return end;
};

const entriesIn = (ends: readonly End[]): number => {
  let entries = 0;
  for (const { isEntry, count } of ends) if (isEntry) entries += count;
  return entries;
};

const toPassed = (ends: readonly End[]): FunnelCounts["passed"] => {
  const counts: Partial<Record<FunnelStage, number>> = {};
  for (const { passed, count } of ends) {
    for (const stage of passed) counts[stage] = (counts[stage] ?? 0) + count;
  }
  return counts;
};

const toStopped = (ends: readonly End[]): Record<string, number> => {
  const stopped: Record<string, number> = {};
  for (const { stop, count } of ends) {
    if (stop !== undefined) stopped[stop.key] = (stopped[stop.key] ?? 0) + count;
  }
  return stopped;
};

const toBins = (counts: readonly number[]): NonNullable<FunnelCounts["scores"]> => {
  const bins: Record<string, number> = {};
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] ?? 0;
    if (count > 0) bins[bin] = count;
  }
  return bins;
};

/** Moves are sampled of so many quotes a message: a day's volatility needs no more. */
const SAMPLED = 8;
const SAMPLES_MAX = 1_000;
/** Beyond this it is no move from one minute to the next. */
const SAMPLE_AGE_MAX_MS = 150_000;

/** What this message adds to its half-hour: what the next days are to expect of it. */
const activityIn = (
  { session, quotes, message: { slotMs }, decisions, mids }: DecidedMessage,
  entries: number,
): FunnelCounts["activity"] => {
  if (session === undefined || quotes.length === 0) return undefined;
  let moves = 0;
  let moveBp = 0;
  let looked = 0;
  if (mids.size > SAMPLES_MAX) mids.clear();
  for (const { symbol, bid, ask } of quotes) {
    if (++looked > SAMPLED) break;
    const mid = (bid + ask) / 2;
    const before = mids.get(symbol);
    mids.set(symbol, { mid, atMs: slotMs });
    if (before === undefined || slotMs - before.atMs > SAMPLE_AGE_MAX_MS) continue;
    moves++;
    moveBp += Math.abs(mid / before.mid - 1) * 10_000;
  }
  const halfHour = halfHourOf(session, slotMs);
  // Assigned one by one: a literal looks a computed name up every time.
  const activity: Record<string, number> = {};
  activity[activityKey(halfHour, "symbolMinutes")] = decisions.length;
  if (entries > 0) activity[activityKey(halfHour, "entries")] = entries;
  if (moves > 0) {
    activity[activityKey(halfHour, "moves")] = moves;
    activity[activityKey(halfHour, "moveBp")] = Math.round(moveBp);
  }
  return activity;
};

const toScoreRecord = (decision: Decision, atMs: number): ScoreRecord => {
  const { symbol, score, basic, stop, intent } = decision;
  const outcome = intent?.clientOrderId ?? stop?.key ?? "";
  const record: ScoreRecord = {
    symbol,
    atMs,
    score: score?.score ?? 0,
    direction: basic ?? score?.direction ?? "neutral",
    conviction: score?.conviction ?? 0,
    freshness: score?.freshness ?? 0,
    components: score?.components ?? [],
    missing: score?.missing ?? [],
    gateReasons: decision.gateReasons,
    outcome,
  };
  return basic === undefined ? record : { ...record, basis: "basicIndicators" };
};
