import { COVERAGE, NOT_YET } from "../../simulation/coverage/coverage-list.ts";
import type { PlantHunt, Simulation } from "./simulation.ts";
import { replayCommand } from "./replay-command.ts";

/** What `simulate --json` prints; the fields are the same with and without plants. */
export const toSimulateJson = (
  given: Simulation | PlantHunt,
): Readonly<Record<string, unknown>> => {
  const { days, mode } = given.request;
  const head = { mode, days };
  if ("plants" in given) return { ...head, ...NOTHING_RUN, ...plantsJson(given) };
  const { request, batch, elapsedMs, explanation, gaps, isCoverageDemanded } = given;
  return {
    ...head,
    firstSeed: request.firstSeed,
    seeds: batch.seeds,
    events: batch.events,
    eventsPerSecond: Math.round((batch.events * 1_000) / Math.max(1, elapsedMs)),
    virtualDays: virtualDaysOf(batch.seeds, days),
    virtualHours: Math.round(batch.virtualMs / MS_PER_HOUR),
    orders: batch.orders,
    faultsInjected: batch.faultsInjected,
    failedSeeds: batch.failedSeeds,
    violations: batch.failed.flatMap(({ seed, violations }) =>
      violations.map(({ invariant, atMs, detail, clientOrderId }) => ({
        seed,
        invariant,
        at: new Date(atMs).toISOString(),
        detail,
        clientOrderId: clientOrderId ?? null,
        replay: replayCommand(request, seed),
      })),
    ),
    failure: explanation === undefined ? null : failureJson(given, explanation),
    coverage: coverageOf(batch.coverage),
    coverageDemanded: isCoverageDemanded,
    coverageAtZero: gaps,
    coverageNotYet: NOT_YET.map(({ name }) => name),
    plants: [],
    ...singleJson(given),
    isStopped: batch.isStopped,
    elapsedMs: Math.round(elapsedMs),
  };
};

const MS_PER_HOUR = 3_600_000;

/** Trading days that were lived; rounded, because a sum of quarters may not be one. */
const virtualDaysOf = (seeds: number, days: number): number =>
  Math.round(seeds * days * 1_000) / 1_000;

const NOTHING_RUN = {
  seeds: 0,
  events: 0,
  eventsPerSecond: 0,
  virtualDays: 0,
  orders: 0,
  faultsInjected: {},
  violations: [],
  coverage: {},
};

const plantsJson = ({ plants, isStopped, elapsedMs }: PlantHunt) => ({
  seeds: plants.reduce((sum, { seedsTried }) => sum + seedsTried, 0),
  plants,
  isStopped,
  elapsedMs: Math.round(elapsedMs),
});

/** Everything that is counted, with a zero where it did not come up. */
export const coverageOf = (
  counts: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(COVERAGE.map(({ name }) => [name, counts[name] ?? 0]));

const failureJson = (
  { request, batch }: Simulation,
  explanation: NonNullable<Simulation["explanation"]>,
) => {
  const seed = batch.failed[0]?.seed ?? request.firstSeed;
  return {
    seed,
    invariant: explanation.violation.invariant,
    detail: explanation.violation.detail,
    clientOrderId: explanation.violation.clientOrderId ?? null,
    faults: explanation.faults,
    isMinimal: explanation.isMinimal,
    timeline: explanation.timeline,
    replay: replayCommand(request, seed, explanation),
  };
};

const singleJson = ({ batch: { single } }: Simulation) =>
  single === undefined ? {} : { enabled: single.enabled, traceHash: single.traceHash };
