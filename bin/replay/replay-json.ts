import { moneyToFloat } from "../../shared/domain/market/money.ts";
import type { ReplayResult } from "../../local/replay/replay-result.ts";

/** A replay's result as `--json` prints it: equity in USD, times in milliseconds. */
export const toReplayJson = (result: ReplayResult): Readonly<Record<string, unknown>> => ({
  ...result,
  startingEquity: moneyToFloat(result.startingEquity),
  endingEquity: moneyToFloat(result.endingEquity),
  elapsedMs: Math.round(result.elapsedMs),
  quotesPerSecond: quotesPerSecond(result),
});

/** Recorded quotes a second over the whole pipeline. */
export const quotesPerSecond = ({ quotes, elapsedMs }: ReplayResult): number =>
  Math.round((quotes * 1_000) / Math.max(1, elapsedMs));
