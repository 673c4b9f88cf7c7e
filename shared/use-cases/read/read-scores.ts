import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { ScoreRecord } from "../../domain/signals/score-record.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Reads the latest score of every symbol, the highest first, with what came of it. */
export const createReadScores =
  (deps: {
    readonly telemetry: Pick<Telemetry, "loadScores">;
    readonly clock: Clock;
    readonly settings: Settings;
  }) =>
  async (): Promise<{ readonly atMs: number; readonly scores: readonly ScoreRecord[] }> => {
    const shards = shardsOf(deps.settings.symbols, deps.settings.shardSize);
    const scores = await Promise.all(shards.map(({ shard }) => deps.telemetry.loadScores(shard)));
    return {
      atMs: deps.clock.nowMs(),
      scores: scores.flat().toSorted((left, right) => right.score - left.score),
    };
  };
