import { activityKey, halfHourOf } from "../domain/funnel/activity.ts";
import { stoppedAt, type FunnelCounts, type FunnelStage } from "../domain/funnel/funnel.ts";
import { toTable } from "../domain/listed-record.ts";
import type { Session } from "../domain/market/calendar.ts";
import type { QuotedPrice } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { DecisionTally } from "./decision-tally.ts";
import type { MarketDataMessage } from "./market-data-message.ts";

/** The last prices of symbols whose moves are sampled. Changed in place; a few of each shard. */
export type PriceSamples = Map<Ticker, { readonly mid: number; readonly atMs: number }>;

/** A message and what was decided on it. */
export type DecidedMessage = {
  readonly message: MarketDataMessage;
  readonly tally: DecisionTally;
  /** The newest quote of each symbol; none where the message is stale. */
  readonly quotes: readonly QuotedPrice[];
  readonly session: Session | undefined;
  readonly isStale: boolean;
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
  const { message, tally, quotes, isStale } = decided;
  const stopped = toStopped(tally);
  // Of several quotes of a symbol in one message only the newest is decided on, of a stale one
  // none.
  const passedOver = message.quotes.length - quotes.length;
  const reason = isStale ? "messageStale" : "superseded";
  if (passedOver > 0) stopped[stoppedAt("scored", reason)] = passedOver;
  // Scores of a newer message stand already.
  if (!isStale) await telemetry.recordScores(message.shard, tally.scores);
  const activity = activityIn(decided);
  await telemetry.addToFunnel(message.sessionDate, {
    passed: toPassed(tally),
    stopped,
    scores: toBins(tally),
    ...(activity === undefined ? {} : { activity }),
  });
};

const toPassed = ({ ends }: DecisionTally): FunnelCounts["passed"] => {
  const counts: Partial<Record<FunnelStage, number>> = {};
  for (const { passed, count } of ends) {
    for (const stage of passed) counts[stage] = (counts[stage] ?? 0) + count;
  }
  return counts;
};

const toStopped = ({ ends }: DecisionTally): Record<string, number> => {
  // The reasons come in any order, which would each time be another kind of object.
  const stopped = toTable<number>({});
  for (const { stop, count } of ends) {
    if (stop !== undefined) stopped[stop.key] = (stopped[stop.key] ?? 0) + count;
  }
  return stopped;
};

const toBins = ({ bins }: DecisionTally): NonNullable<FunnelCounts["scores"]> => {
  const counted: Record<string, number> = {};
  for (let bin = 0; bin < bins.length; bin++) {
    const count = bins[bin] ?? 0;
    if (count > 0) counted[bin] = count;
  }
  return counted;
};

/** Moves are sampled of so many quotes a message: a day's volatility needs no more. */
const SAMPLED = 8;
const SAMPLES_MAX = 1_000;
/** Beyond this it is no move from one minute to the next. */
const SAMPLE_AGE_MAX_MS = 150_000;

/** What this message adds to its half-hour: what the next days are to expect of it. */
const activityIn = ({
  session,
  quotes,
  message: { slotMs },
  tally: { symbols, entries },
  mids,
}: DecidedMessage): FunnelCounts["activity"] => {
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
  activity[activityKey(halfHour, "symbolMinutes")] = symbols;
  if (entries.length > 0) activity[activityKey(halfHour, "entries")] = entries.length;
  if (moves > 0) {
    activity[activityKey(halfHour, "moves")] = moves;
    activity[activityKey(halfHour, "moveBp")] = Math.round(moveBp);
  }
  return activity;
};
