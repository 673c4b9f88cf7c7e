import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { runBatch, seedTimeoutMs, type BatchResult } from "../../simulation/batch/run-batch.ts";
import { runPlants, type PlantResult } from "../../simulation/batch/run-plants.ts";
import { createSeedPool, type SeedPool } from "../../simulation/batch/seed-pool.ts";
import type { Explanation } from "../../simulation/batch/seed-task.ts";
import { COVERAGE } from "../../simulation/coverage/coverage-list.ts";
import { FAULT_KINDS } from "../../simulation/faults/fault-kind.ts";
import type { SeedOptions } from "../../simulation/seed-run.ts";
import { createProgressLine, type ProgressLine } from "../progress-line.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { plantsText, simulateText } from "../reports/simulate.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { COVERAGE_SEEDS_MIN, IDLE_SEEDS_MIN } from "./simulation.ts";
import { readSimulate, type SimulateRequest } from "./read-simulate.ts";
import { toSimulateJson } from "./simulate-json.ts";

/** Runs of one seed for leaving out its faults. */
const SHRINK_TRIES_MAX = 400;

/** Runs simulated worlds and prints what came of them; 0 if everything held, 1 if stopped, else 2. */
export const runSimulate = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  if (input.options["faults"] === "list") {
    context.write(await listFaults(input.isJson));
    return 0;
  }
  const request = readSimulate(input);
  const options = toOptions(request, context);
  return request.isPlanting
    ? simulatePlants(request, options, input, context)
    : simulateSeeds(request, options, input, context);
};

const listFaults = async (isJson: boolean): Promise<string> => {
  const { FAULT_SUMMARY } = await import("./fault-summary.ts");
  if (isJson) return json(FAULT_KINDS.map((name) => ({ name, does: FAULT_SUMMARY[name] })));
  const width = Math.max(...FAULT_KINDS.map(({ length }) => length));
  const lines = FAULT_KINDS.map((kind) => `${kind.padEnd(width)}  ${FAULT_SUMMARY[kind]}\n`);
  return lines.join("");
};

const toOptions = (
  { days, mode, faultKinds, onlyFaults, configurationPath }: SimulateRequest,
  { environment }: VerbContext,
): Omit<SeedOptions, "seed"> => ({
  days,
  mode,
  ...(faultKinds === undefined ? {} : { faultKinds }),
  ...(onlyFaults === undefined ? {} : { onlyFaults }),
  ...(configurationPath === undefined
    ? {}
    : { configuration: requireConfiguration(configurationPath, environment) }),
});

const simulateSeeds = async (
  request: SimulateRequest,
  options: Omit<SeedOptions, "seed">,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { firstSeed, seeds } = request;
  const host = createHostClock();
  const progress = createProgressLine(input, context);
  const pool = createSeedPool({ size: Math.min(request.workers, seeds) });
  try {
    const startedAtMs = host.monotonicMs();
    const batch = await runBatch(
      { firstSeed, seeds, options },
      {
        pool,
        isStopped: () => context.stopped.aborted,
        onProgress: ({ seedsDone, eventsDone, seedsFailed }) => {
          const rate = Math.round((eventsDone * 1_000) / (host.monotonicMs() - startedAtMs));
          const failed = seedsFailed === 0 ? "" : `, ${seedsFailed} FAILED`;
          progress.show(`${seedsDone} of ${seeds} seeds, ${rate} events a second${failed}`);
        },
      },
    );
    const elapsedMs = host.monotonicMs() - startedAtMs;
    const explanation = await explainFirst(batch, options, pool, progress);
    progress.clear();
    const isCoverageDemanded =
      !batch.isStopped &&
      seeds >= COVERAGE_SEEDS_MIN &&
      request.faultKinds === undefined &&
      request.configurationPath === undefined;
    const gaps = isCoverageDemanded ? gapsOf(batch) : [];
    const isIdle = batch.orders === 0 && batch.seeds >= IDLE_SEEDS_MIN;
    const simulation = { request, batch, elapsedMs, explanation, gaps, isCoverageDemanded, isIdle };
    const text = (): string => simulateText(simulation, context);
    context.write(input.isJson ? json(toSimulateJson(simulation)) : text());
    // A user's own strategy may find nothing to do; drawn settings always do.
    const isUseless = isIdle && request.configurationPath === undefined;
    if (batch.failedSeeds > 0 || gaps.length > 0 || isUseless) return 2;
    return batch.isStopped ? 1 : 0;
  } finally {
    await pool.close();
  }
};

/** What has to come up in a batch of this size and did not. */
const gapsOf = ({ coverage }: BatchResult): readonly string[] =>
  COVERAGE.map(({ name }) => name).filter((name) => (coverage[name] ?? 0) === 0);

/** Shrinks the first failing seed; the rest of a batch most often fails of the same. */
const explainFirst = async (
  { failed }: BatchResult,
  options: Omit<SeedOptions, "seed">,
  pool: SeedPool,
  progress: ProgressLine,
): Promise<Explanation | undefined> => {
  const [first] = failed;
  const violation = first?.violations[0];
  if (first === undefined || violation === undefined) return undefined;
  const { seed } = first;
  progress.show(`Seed ${seed} broke ${violation.invariant}; leaving out faults …`);
  const answer = await pool.run(
    {
      type: "explain",
      options: { ...options, seed },
      invariant: violation.invariant,
      triesMax: SHRINK_TRIES_MAX,
    },
    seedTimeoutMs(options.days) * 10,
  );
  return answer.type === "explained" ? answer.explanation : undefined;
};

const simulatePlants = async (
  request: SimulateRequest,
  options: Omit<SeedOptions, "seed">,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const progress = createProgressLine(input, context);
  const host = createHostClock();
  const startedAtMs = host.monotonicMs();
  const [{ PLANTS }, { FIRST_SEEDS }] = await Promise.all([
    import("../../simulation/plants/plants.ts"),
    import("../../simulation/plants/first-seeds.ts"),
  ]);
  let done = 0;
  const plants: readonly PlantResult[] = await runPlants({
    names: PLANTS.map(({ name }) => name),
    firstSeed: request.firstSeed,
    seedsMax: request.seeds,
    firstSeeds: FIRST_SEEDS,
    options,
    atOnce: request.workers,
    isStopped: () => context.stopped.aborted,
    onPlant: ({ name, caught }) => {
      done += 1;
      progress.show(
        `${done} of ${PLANTS.length} plants; ${name} was ${caught ? "caught" : "MISSED"}`,
      );
    },
  });
  progress.clear();
  const elapsedMs = host.monotonicMs() - startedAtMs;
  const isStopped = plants.length < PLANTS.length;
  const hunt = { request, plants, isStopped, elapsedMs };
  context.write(input.isJson ? json(toSimulateJson(hunt)) : plantsText(hunt, context));
  if (plants.some(({ caught }) => !caught)) return 2;
  return isStopped ? 1 : 0;
};

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
