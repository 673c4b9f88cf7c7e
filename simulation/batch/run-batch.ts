import type { FaultKind } from "../faults/fault-kind.ts";
import type { SeedOptions, Violation } from "../seed-run.ts";
import type { SeedPool } from "./seed-pool.ts";
import type { SeedSummary } from "./seed-task.ts";

/** Seeds in a row, all run alike. */
export type BatchRequest = {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Everything but the seed. */
  readonly options: Omit<SeedOptions, "seed">;
};

/** A seed that broke an invariant, or the simulation. */
export type FailedSeed = { readonly seed: number; readonly violations: readonly Violation[] };

/** What a batch came to; the same for the same seeds, however many threads ran them. */
export type BatchResult = {
  readonly seeds: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly orders: number;
  readonly faultsInjected: Readonly<Partial<Record<FaultKind, number>>>;
  readonly coverage: Readonly<Record<string, number>>;
  /** The first of them, by seed. */
  readonly failed: readonly FailedSeed[];
  readonly failedSeeds: number;
  /** What the one seed showed, where it was one. */
  readonly single: SeedSummary | undefined;
  /** It was told to stop before its last seed. */
  readonly isStopped: boolean;
};

/** Who watches a batch; called as seeds end, in whatever order that is. */
export type BatchProgress = {
  readonly seedsDone: number;
  readonly eventsDone: number;
  readonly seedsFailed: number;
};

/** How a batch is run. */
export type BatchDeps = {
  readonly pool: SeedPool;
  readonly isStopped: () => boolean;
  readonly onProgress?: (progress: BatchProgress) => void;
};

/** More failing seeds than these are counted and not kept. */
const FAILED_KEPT_MAX = 100;
/** An hour of a session takes well below a second; a seed that hangs must not hang the batch. */
const SEED_TIMEOUT_MS = 120_000;

/** How long a run of a seed may take before it counts as hanging, ms. */
export const seedTimeoutMs = (days: number): number => SEED_TIMEOUT_MS * Math.max(1, days);

/** Runs the seeds on the pool's threads. Sums are kept, not results, so that memory stays flat. */
export const runBatch = async (request: BatchRequest, deps: BatchDeps): Promise<BatchResult> => {
  const { firstSeed, seeds, options } = request;
  const sums = createSums();
  let next = firstSeed;
  const work = async (): Promise<void> => {
    while (next < firstSeed + seeds && !deps.isStopped()) {
      const seed = next;
      next += 1;
      const task = { type: "run", options: { ...options, seed } } as const;
      const answer = await deps.pool.run(task, seedTimeoutMs(options.days));
      if (answer.type === "ran") sums.add(answer.summary);
      else sums.addBroken(seed, answer.type === "broke" ? answer.detail : "It was not run.");
      deps.onProgress?.(sums.progress());
    }
  };
  await Promise.all(Array.from({ length: deps.pool.size }, work));
  return { ...sums.result(seeds), isStopped: next < firstSeed + seeds };
};

/** Adds seeds up as they come, in a way that does not depend on their order. */
const createSums = () => {
  const faultsInjected: Partial<Record<FaultKind, number>> = {};
  const coverage: Record<string, number> = {};
  let done = 0;
  let events = 0;
  let virtualMs = 0;
  let orders = 0;
  let failedSeeds = 0;
  let failed: readonly FailedSeed[] = [];
  let single: SeedSummary | undefined;
  const addFailed = (seed: FailedSeed): void => {
    failedSeeds += 1;
    failed = [...failed, seed]
      .toSorted((left, right) => left.seed - right.seed)
      .slice(0, FAILED_KEPT_MAX);
  };
  return {
    add: (summary: SeedSummary): void => {
      done += 1;
      events += summary.events;
      virtualMs += summary.virtualMs;
      orders += summary.orders;
      addCounts(faultsInjected, summary.faultsInjected);
      addCounts(coverage, summary.coverage);
      const { seed, violations } = summary;
      if (violations.length > 0) addFailed({ seed, violations });
      single = summary;
    },
    addBroken: (seed: number, detail: string): void => {
      done += 1;
      addFailed({ seed, violations: [{ invariant: BROKEN, atMs: 0, detail }] });
    },
    progress: (): BatchProgress => ({
      seedsDone: done,
      eventsDone: events,
      seedsFailed: failedSeeds,
    }),
    result: (asked: number) => ({
      seeds: done,
      events,
      virtualMs,
      orders,
      faultsInjected: sorted(faultsInjected),
      coverage: sorted(coverage),
      failed,
      failedSeeds,
      single: asked === 1 ? single : undefined,
    }),
  };
};

/** The name under which a broken simulation is reported beside the invariants. */
export const BROKEN = "simulation-runs";

const addCounts = (
  sums: Record<string, number>,
  counts: Readonly<Record<string, number | undefined>>,
): void => {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + (count ?? 0);
};

/** By name, so that the order in which threads came does not show. */
const sorted = <Counts extends Readonly<Record<string, number>>>(counts: Counts): Counts =>
  Object.fromEntries(
    Object.entries(counts).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  ) as Counts;
