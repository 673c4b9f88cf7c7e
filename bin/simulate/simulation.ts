import type { BatchResult } from "../../simulation/batch/run-batch.ts";
import type { PlantResult } from "../../simulation/batch/run-plants.ts";
import type { Explanation } from "../../simulation/batch/seed-task.ts";
import type { SimulateRequest } from "./read-simulate.ts";

/** A batch of seeds with what became of its failures, as it is told. */
export type Simulation = {
  readonly request: SimulateRequest;
  readonly batch: BatchResult;
  readonly elapsedMs: number;
  /** The first failing seed, shrunk; `undefined` where none failed or it could not be. */
  readonly explanation: Explanation | undefined;
  /** What was demanded and never came up; empty where nothing was demanded. */
  readonly gaps: readonly string[];
  readonly isCoverageDemanded: boolean;
  /** Not one order in several worlds: they have proven nothing. */
  readonly isIdle: boolean;
};

/** Fewer seeds than these prove nothing by what they do not come across. */
export const COVERAGE_SEEDS_MIN = 500;

/** So many worlds make an order under the settings that are drawn for them. */
export const IDLE_SEEDS_MIN = 10;

/** Plants that were looked for, as they are told. */
export type PlantHunt = {
  readonly request: SimulateRequest;
  readonly plants: readonly PlantResult[];
  /** Before every plant was caught or missed; `plants` has those that were. */
  readonly isStopped: boolean;
  readonly elapsedMs: number;
};
