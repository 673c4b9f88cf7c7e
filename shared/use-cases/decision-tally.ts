import { SCORE_BINS, scoreBinOf } from "../domain/funnel/score-distribution.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import type { ScoreRecord } from "../domain/signals/score-record.ts";
import type { Decision } from "./decide/decide-symbol.ts";

/** What the decisions of one message came to. Changed in place, one decision after the other. */
export type DecisionTally = {
  /** Symbols that were decided about. */
  symbols: number;
  /** Of those: whose exits basic indicators decided. */
  withoutModel: number;
  /** Those of whose flow nothing could be made. */
  readonly withBrokenFlow: Ticker[];
  readonly entries: OrderIntent[];
  readonly exits: OrderIntent[];
  readonly scores: ScoreRecord[];
  readonly ends: End[];
  /** Scores by their bin. */
  readonly bins: number[];
};

/**
 * How many decisions ended alike. They share their stages and their stops, so that each is counted
 * as the object it is, and named afterwards.
 */
type End = {
  readonly passed: Decision["passed"];
  readonly stop: Decision["stop"];
  count: number;
};

/** Nothing is decided yet. */
export const emptyTally = (): DecisionTally => ({
  symbols: 0,
  withoutModel: 0,
  withBrokenFlow: [],
  entries: [],
  exits: [],
  scores: [],
  ends: [],
  bins: Array<number>(SCORE_BINS).fill(0),
});

/** Counts a decision that was made at `atMs`, and keeps its score and its intent. */
export const addDecision = (tally: DecisionTally, decision: Decision, atMs: number): void => {
  const { score, basic, passed, stop, intent } = decision;
  tally.symbols++;
  if (basic !== undefined) tally.withoutModel++;
  if (intent !== undefined) (intent.purpose === "exit" ? tally.exits : tally.entries).push(intent);
  if (score !== undefined) {
    const bin = scoreBinOf(score.score);
    tally.bins[bin] = (tally.bins[bin] ?? 0) + 1;
  }
  endOf(tally.ends, passed, stop).count++;
  tally.scores.push(toScoreRecord(decision, atMs));
};

/** A message of a hundred symbols has a handful of ends: they are looked through, not looked up. */
const endOf = (ends: End[], passed: Decision["passed"], stop: Decision["stop"]): End => {
  for (const end of ends) if (end.stop === stop && end.passed === passed) return end;
  const end: End = { passed, stop, count: 0 };
  ends.push(end);
  return end;
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
