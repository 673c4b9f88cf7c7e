import { afterAll, describe, expect, it } from "vitest";
import { BROKEN, runBatch, type BatchResult } from "../../../simulation/batch/run-batch.ts";
import { createSeedPool, type SeedPool } from "../../../simulation/batch/seed-pool.ts";
import type { SeedAnswer, SeedTask } from "../../../simulation/batch/seed-task.ts";

const OPTIONS = { days: 0.06, mode: "safety" } as const;

const runOn = (pool: SeedPool): Promise<BatchResult> =>
  runBatch({ firstSeed: 11, seeds: 5, options: OPTIONS }, { pool, isStopped: () => false });

describe("a batch of seeds", () => {
  const pools: SeedPool[] = [];
  const poolOf = (size: number): SeedPool => {
    const pool = createSeedPool({ size });
    pools.push(pool);
    return pool;
  };
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));

  it("comes to the same on one thread and on three", async () => {
    const [one, three] = [await runOn(poolOf(1)), await runOn(poolOf(3))];
    expect(three).toEqual(one);
    expect(one).toMatchObject({ seeds: 5, failed: [], isStopped: false });
    expect(one.events).toBeGreaterThan(0);
  });

  it("tells the faults and the trace of a single seed", async () => {
    const { single } = await runBatch(
      { firstSeed: 12, seeds: 1, options: OPTIONS },
      { pool: poolOf(1), isStopped: () => false },
    );
    expect(single).toMatchObject({ seed: 12, traceHash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  it("stops between two seeds when it is told to, and says so", async () => {
    const pool = pretend(() => ranWith({}));
    let asked = 0;
    const result = await runBatch(
      { firstSeed: 1, seeds: 100, options: OPTIONS },
      { pool, isStopped: () => ++asked > 10 },
    );
    expect(result).toMatchObject({ seeds: 10, isStopped: true });
  });

  it("adds up what seeds came across, and keeps the failing ones by their numbers", async () => {
    const violation = { invariant: "within-limits", atMs: 5, detail: "It is too much." };
    const pool = pretend((task) =>
      ranWith({
        seed: task.options.seed,
        violations: task.options.seed % 3 === 0 ? [violation] : [],
        coverage: { seen: task.options.seed },
        faultsInjected: { delay: 2 },
      }),
    );
    const result = await runBatch(
      { firstSeed: 1, seeds: 9, options: OPTIONS },
      { pool, isStopped: () => false },
    );
    expect(result.failed.map(({ seed }) => seed)).toEqual([3, 6, 9]);
    expect(result).toMatchObject({
      failedSeeds: 3,
      coverage: { seen: 45 },
      faultsInjected: { delay: 18 },
    });
  });

  it("counts a simulation that breaks as a failure of its seed", async () => {
    const pool = pretend(() => ({ type: "broke", detail: "It fell over." }));
    const { failed } = await runBatch(
      { firstSeed: 7, seeds: 1, options: OPTIONS },
      { pool, isStopped: () => false },
    );
    expect(failed).toEqual([
      { seed: 7, violations: [{ invariant: BROKEN, atMs: 0, detail: "It fell over." }] },
    ]);
  });
});

/** A pool without threads, whose answers are given. */
const pretend = (answer: (task: SeedTask) => SeedAnswer): SeedPool => ({
  size: 2,
  run: async (task) => answer(task),
  close: async () => undefined,
});

const ranWith = (
  change: Partial<Extract<SeedAnswer, { readonly type: "ran" }>["summary"]>,
): SeedAnswer => ({
  type: "ran",
  summary: {
    seed: 1,
    enabled: [],
    traceHash: "0".repeat(16),
    events: 10,
    virtualMs: 100,
    orders: 1,
    faultsInjected: {},
    violations: [],
    coverage: {},
    ...change,
  },
});
