import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Trace } from "./trace.ts";

/** The same telemetry; every score that is recorded becomes part of the trace. */
export const watchScores = (telemetry: Telemetry, trace: Trace): Telemetry => ({
  ...telemetry,
  recordScores: (shard, scores) => {
    // The line holds the numbers in their place among all that happened.
    trace.add(`scores ${shard} ${scores[0]?.atMs} ${scores.length}`);
    for (const { symbol, score, direction, outcome } of scores) {
      trace.addNumber(trace.numberOf(symbol));
      trace.addNumber(score);
      trace.addNumber(trace.numberOf(direction));
      trace.addNumber(trace.numberOf(outcome));
    }
    return telemetry.recordScores(shard, scores);
  },
});
