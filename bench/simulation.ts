import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as z from "zod";
import { createEngine } from "../simulation/engine/engine.ts";
import { runSeed } from "../simulation/run-seed.ts";
import { type Benchmark, medianOf, NotMeasurable } from "./benchmark.ts";
import { optionsOfHoldfast, runNode } from "./run-node.ts";

const RUNS = 5;
const PLANNED = 1_000;
const EVENTS = 1_000_000;
const SEEDS = 40;
const WARM_UP_SEEDS = 60;
const MEMORY_SEEDS = 240;
const READ_EVERY_SEEDS = 20;
const TIMEOUT_MS = 600_000;
const BYTES_PER_KIB = 1_024;

/** Events of virtual time a second: each plans its successor among a thousand others. */
export const simulationEngine: Benchmark = {
  name: "simulation-engine",
  unit: "events/s",
  goal: { direction: "atLeast", value: 500_000 },
  measure: async () => {
    const rates: number[] = [];
    for (let count = 0; count <= RUNS; count++) {
      const rate = await timeEngine();
      // The first run only warms up.
      if (count > 0) rates.push(rate);
    }
    return { ours: medianOf(rates) };
  },
};

const timeEngine = async (): Promise<number> => {
  let left = EVENTS;
  const engine = createEngine(0, () => undefined);
  const plan = (index: number): void => {
    engine.after(1 + (index % 977), () => {
      left -= 1;
      if (left > 0) plan(left);
    });
  };
  for (let index = 0; index < PLANNED; index++) plan(index);
  const startedAtMs = performance.now();
  await engine.run(Number.MAX_SAFE_INTEGER);
  return (engine.events() * 1_000) / (performance.now() - startedAtMs);
};

const Batch = z.object({
  seeds: z.number(),
  eventsPerSecond: z.number(),
  elapsedMs: z.number(),
});

const runSeeds = async (workers: readonly string[]): Promise<z.infer<typeof Batch>> => {
  const words = [
    ...optionsOfHoldfast(),
    "bin/holdfast.mjs",
    "simulate",
    "--seeds",
    SEEDS.toString(),
    "--json",
    ...workers,
  ];
  // What a seed finds is not what is measured here.
  const { stdout } = await runNode(words, { timeoutMs: TIMEOUT_MS, exitCodes: [0, 2] });
  const batch = Batch.safeParse(JSON.parse(stdout));
  if (!batch.success) throw new NotMeasurable("The simulation's JSON is not what it should be.");
  return batch.data;
};

/** Events a second through the whole simulated system, every invariant checked, on one core. */
export const simulationPipeline: Benchmark = {
  name: "simulation-pipeline",
  unit: "events/s",
  goal: undefined,
  measure: async () => ({ ours: (await runSeeds(["--workers", "1"])).eventsPerSecond }),
};

/** Seeds a minute on every core; 200 a minute are 2,000 in ten minutes. */
export const simulationSeeds: Benchmark = {
  name: "simulation-seeds",
  unit: "seeds/min",
  goal: { direction: "atLeast", value: 200 },
  measure: async () => {
    const { seeds, elapsedMs } = await runSeeds([]);
    return { ours: (seeds * 60_000) / elapsedMs };
  },
};

/**
 * How much memory a seed leaves behind after warming up: the median slope between all readings of
 * the collected heap. Two readings alone tell of code that was compiled, or forgotten, in between:
 * they moved by 4 MB and back.
 */
export const simulationMemory: Benchmark = {
  name: "simulation-memory",
  unit: "KiB/seed",
  goal: { direction: "atMost", value: 16 },
  measure: async () => {
    const collect = garbageCollector();
    const readings: number[] = [];
    for (let seed = 1; seed <= WARM_UP_SEEDS + MEMORY_SEEDS; seed++) {
      await runSeed({ seed, days: 0.06, mode: "safety" });
      if (seed < WARM_UP_SEEDS || seed % READ_EVERY_SEEDS !== 0) continue;
      collect();
      readings.push(process.memoryUsage().heapUsed);
    }
    const slopes = readings.flatMap((from, first) =>
      readings.slice(first + 1).map((to, between) => (to - from) / (between + 1)),
    );
    const perSeed = medianOf(slopes) / READ_EVERY_SEEDS;
    return { ours: Math.max(0, perSeed) / BYTES_PER_KIB };
  },
};

const garbageCollector = (): (() => void) => {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new NotMeasurable("Memory cannot be collected here.");
  return () => {
    collect();
  };
};
