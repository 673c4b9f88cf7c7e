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
};

/** Fewer seeds than these prove nothing by what they do not come across. */
export const COVERAGE_SEEDS_MIN = 500;

/** Plants that were looked for, as they are told. */
export type PlantHunt = {
  readonly request: SimulateRequest;
  readonly plants: readonly PlantResult[];
  readonly elapsedMs: number;
};
