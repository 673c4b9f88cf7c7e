import {
  findInOrder,
  noSymbols,
  type SymbolsInOrder,
} from "../../shared/domain/market/symbols-in-order.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { ScoreRecord } from "../../shared/domain/signals/score-record.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Trace } from "./trace.ts";

/** The same telemetry; every score that is recorded becomes part of the trace. */
export const watchScores = (telemetry: Telemetry, trace: Trace): Telemetry => {
  const shards = new Map<number, SymbolsInOrder<Told>>();
  const firstTold = (symbol: Ticker, place: number): Told => ({
    symbol,
    place,
    symbolNumber: trace.numberOf(symbol),
    direction: undefined,
    directionNumber: 0,
    outcome: undefined,
    outcomeNumber: 0,
  });
  return {
    ...telemetry,
    recordScores: (shard, scores) => {
      // The line holds the numbers in their place among all that happened.
      trace.add(`scores ${shard} ${scores[0]?.atMs} ${scores.length}`);
      const told = shards.get(shard) ?? noSymbols();
      shards.set(shard, told);
      let last: Told | undefined;
      for (const score of scores) {
        last = findInOrder(told, score.symbol, last, firstTold);
        tell(trace, last, score);
      }
      return telemetry.recordScores(shard, scores);
    },
  };
};

/**
 * What was last said of a symbol, with the numbers that stand for it. Changed in place.
 */
type Told = {
  readonly symbol: Ticker;
  readonly place: number;
  readonly symbolNumber: number;
  direction: string | undefined;
  directionNumber: number;
  outcome: string | undefined;
  outcomeNumber: number;
};

const tell = (trace: Trace, last: Told, { score, direction, outcome }: ScoreRecord): void => {
  trace.addNumber(last.symbolNumber);
  trace.addNumber(score);
  // An equal text has the same number: looked up only where it is another than before.
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
