import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { ScoreRecord } from "../../shared/domain/signals/score-record.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Trace } from "./trace.ts";

/** The same telemetry; every score that is recorded becomes part of the trace. */
export const watchScores = (telemetry: Telemetry, trace: Trace): Telemetry => {
  const shards = new Map<number, ShardTold>();
  return {
    ...telemetry,
    recordScores: (shard, scores) => {
      // The line holds the numbers in their place among all that happened.
      trace.add(`scores ${shard} ${scores[0]?.atMs} ${scores.length}`);
      const told = shards.get(shard) ?? { inOrder: [], bySymbol: new Map<Ticker, Told>() };
      shards.set(shard, told);
      let last: Told | undefined;
      for (const score of scores) {
        last = toldOf(trace, told, score.symbol, last);
        tell(trace, last, score);
      }
      return telemetry.recordScores(shard, scores);
    },
  };
};

/** What was said of a shard's symbols, in the order in which they were first seen. */
type ShardTold = { readonly inOrder: Told[]; readonly bySymbol: Map<Ticker, Told> };

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

/** Symbols come in the same order every minute: the one behind the `last` is looked at first. */
const toldOf = (
  trace: Trace,
  { inOrder, bySymbol }: ShardTold,
  symbol: Ticker,
  last: Told | undefined,
): Told => {
  const next = inOrder[last === undefined ? 0 : last.place + 1];
  const known = next?.symbol === symbol ? next : bySymbol.get(symbol);
  if (known !== undefined) return known;
  const told: Told = {
    symbol,
    place: inOrder.length,
    symbolNumber: trace.numberOf(symbol),
    direction: undefined,
    directionNumber: 0,
    outcome: undefined,
    outcomeNumber: 0,
  };
  inOrder.push(told);
  bySymbol.set(symbol, told);
  return told;
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
