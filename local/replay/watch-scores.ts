import type { ScoreRecord } from "../../shared/domain/signals/score-record.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Trace } from "./trace.ts";

/** The same telemetry; every score that is recorded becomes part of the trace. */
export const watchScores = (telemetry: Telemetry, trace: Trace): Telemetry => {
  // A shard's scores come in the same order every minute, and mostly to the same end.
  const shards = new Map<number, Told[]>();
  return {
    ...telemetry,
    recordScores: (shard, scores) => {
      // The line holds the numbers in their place among all that happened.
      trace.add(`scores ${shard} ${scores[0]?.atMs} ${scores.length}`);
      const told = shards.get(shard) ?? [];
      shards.set(shard, told);
      for (const [place, score] of scores.entries()) tell(trace, told, place, score);
      return telemetry.recordScores(shard, scores);
    },
  };
};

/**
 * What was last said at a place of a shard, with the numbers that stand for it. Changed in place.
 */
type Told = {
  symbol: string | undefined;
  symbolNumber: number;
  direction: string | undefined;
  directionNumber: number;
  outcome: string | undefined;
  outcomeNumber: number;
};

const tell = (
  trace: Trace,
  told: Told[],
  place: number,
  { symbol, score, direction, outcome }: ScoreRecord,
): void => {
  const last = (told[place] ??= { ...NOTHING_TOLD });
  // An equal text has the same number: looked up only where it is another than before.
  if (last.symbol !== symbol) {
    last.symbol = symbol;
    last.symbolNumber = trace.numberOf(symbol);
  }
  trace.addNumber(last.symbolNumber);
  trace.addNumber(score);
  if (last.direction !== direction) {
    last.direction = direction;
    last.directionNumber = trace.numberOf(direction);
  }
  trace.addNumber(last.directionNumber);
  if (last.outcome !== outcome) {
    last.outcome = outcome;
    last.outcomeNumber = trace.numberOf(outcome);
  }
  trace.addNumber(last.outcomeNumber);
};

const NOTHING_TOLD: Told = {
  symbol: undefined,
  symbolNumber: 0,
  direction: undefined,
  directionNumber: 0,
  outcome: undefined,
  outcomeNumber: 0,
};
