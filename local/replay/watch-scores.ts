import type { Telemetry } from "../../shared/ports/telemetry.ts";
import type { Trace } from "./trace.ts";

/** The same telemetry; every score that is recorded becomes part of the trace. */
export const watchScores = (telemetry: Telemetry, trace: Trace): Telemetry => ({
  ...telemetry,
  recordScores: (shard, scores) => {
    trace.add(`scores ${shard} ${scores[0]?.atMs}`);
    for (const { symbol, score, direction, outcome } of scores) {
      trace.add(`${symbol} ${score} ${direction} ${outcome}`);
    }
    return telemetry.recordScores(shard, scores);
  },
});
