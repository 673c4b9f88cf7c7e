import { describe, expect, it } from "vitest";
import type {
  DiskMeasure,
  MemoryMeasure,
} from "../../../shared/domain/healing/environment-watch.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { Healing } from "../../../shared/ports/healing.ts";
import { createTendEnvironment } from "../../../shared/use-cases/healing/tend-environment.ts";
import { healWorld } from "./heal-world.ts";

const MEBIBYTE = 1_048_576;

/** An environment of score-signals whose measures are set by hand. */
const environmentIn = (
  world: Awaited<ReturnType<typeof healWorld>>,
  healing: Healing = world.healing,
) => {
  const measures: { memory: MemoryMeasure; disk: DiskMeasure } = {
    memory: { heldBytes: 90 * MEBIBYTE, residentBytes: 130 * MEBIBYTE, connections: 4 },
    disk: { bytes: 0, files: 0 },
  };
  const counts = { reports: 0, looks: 0, evidence: 0, retired: 0, cleaned: 0 };
  const { telemetry, deps } = world;
  const tend = createTendEnvironment({
    functionName: "score-signals",
    own: {
      bounds: {
        memoryBytes: 512 * MEBIBYTE,
        diskBytes: 512 * MEBIBYTE,
        filesMax: 1_000,
        connectionsMax: 256,
      },
      measureMemory: () => measures.memory,
      measureDisk: async () => measures.disk,
      cleanDisk: async () => {
        counts.cleaned += 1;
        measures.disk = { bytes: 0, files: 0 };
        return 1;
      },
      retire: () => {
        counts.retired += 1;
      },
    },
    healing: {
      report: (report) => {
        counts.reports += 1;
        return healing.report(report);
      },
      orders: () => {
        counts.looks += 1;
        return healing.orders();
      },
    },
    telemetry: {
      recordEvidence: (evidence) => {
        counts.evidence += 1;
        return telemetry.recordEvidence(evidence);
      },
    },
    clock: deps.clock,
  });
  return { tend, measures, counts };
};

/** Memory of which nearly all is in use, three times in a row. */
const leak = async ({ tend, measures }: ReturnType<typeof environmentIn>): Promise<void> => {
  measures.memory = { ...measures.memory, residentBytes: 500 * MEBIBYTE };
  for (let times = 0; times < 3; times++) await tend();
};

/** One run of the heal workflow up to its remedy. */
const heal = async ({ run, proveAll }: Awaited<ReturnType<typeof healWorld>>) => {
  await proveAll();
  const { treatment } = await run.diagnose();
  if (treatment.type !== "apply") return { treatment, applied: undefined };
  return { treatment, applied: await run.apply(treatment) };
};

const down = async (): Promise<never> => {
  throw new RetryableError("The store is down.");
};

describe("tending a function's environment", () => {
  it("writes and reads nothing while all is well", async () => {
    const world = await healWorld();
    const { tend, counts } = environmentIn(world);
    for (let times = 0; times < 500; times++) {
      world.time.nowMs += 1_000;
      await tend();
    }
    expect(counts).toEqual({ reports: 0, looks: 0, evidence: 0, retired: 0, cleaned: 0 });
  });

  it("is retired by healing when it leaks, and the next environment is left alone", async () => {
    const world = await healWorld();
    const environment = environmentIn(world);
    const other = environmentIn(world);
    await leak(environment);
    expect(environment.counts).toMatchObject({ reports: 1, evidence: 1, retired: 0 });
    world.time.nowMs += 30_000;
    const { treatment, applied } = await heal(world);
    expect(treatment).toMatchObject({
      remedy: "retireEnvironment",
      finding: { cause: "environmentLeaking", subject: "score-signals" },
    });
    world.time.nowMs += 31_000;
    await environment.tend();
    await other.tend();
    expect(environment.counts.retired).toBe(1);
    expect(other.counts.retired).toBe(0);
    const next = environmentIn(world);
    await leak(next);
    expect(next.counts.retired).toBe(0);
    world.time.nowMs += 45_000;
    if (applied === undefined) throw new Error("It was applied.");
    // The young one has the same trouble: the remedy is told not to have helped.
    await world.proveAll();
    expect((await world.run.verify(applied, true)).outcome).toBe("failed");
  });

  it("counts as healed once the environment that leaked has ended", async () => {
    const world = await healWorld();
    const environment = environmentIn(world);
    await leak(environment);
    world.time.nowMs += 30_000;
    const { applied } = await heal(world);
    world.time.nowMs += 31_000;
    await environment.tend();
    world.time.nowMs += 45_000;
    await world.proveAll();
    if (applied === undefined) throw new Error("It was applied.");
    expect((await world.run.verify(applied, true)).outcome).toBe("helped");
    const [memory] = await world.telemetry.loadEvidence("memory", 1);
    expect(memory).toMatchObject({ succeeded: true });
  });

  it("cleans its directory when healing asks for it, and says that it is clean", async () => {
    const world = await healWorld();
    const environment = environmentIn(world);
    environment.measures.disk = { bytes: 450 * MEBIBYTE, files: 12 };
    await environment.tend();
    world.time.nowMs += 30_000;
    const { treatment, applied } = await heal(world);
    expect(treatment).toMatchObject({ remedy: "cleanDisk" });
    world.time.nowMs += 31_000;
    await environment.tend();
    expect(environment.counts).toMatchObject({ cleaned: 1, reports: 2, retired: 0 });
    world.time.nowMs += 45_000;
    await world.proveAll();
    if (applied === undefined) throw new Error("It was applied.");
    expect((await world.run.verify(applied, true)).outcome).toBe("helped");
  });

  it("repeats what stays wrong seldom, and says once that it is over", async () => {
    const world = await healWorld();
    const environment = environmentIn(world);
    const { tend, measures, counts } = environment;
    await leak(environment);
    for (let seconds = 0; seconds < 600; seconds++) {
      world.time.nowMs += 1_000;
      await tend();
    }
    expect(counts.reports).toBe(6);
    expect(counts.looks).toBeLessThanOrEqual(21);
    measures.memory = { ...measures.memory, residentBytes: 130 * MEBIBYTE };
    for (let times = 0; times < 10; times++) await tend();
    expect(counts.reports).toBe(7);
    expect((await world.healing.reports())[0]).toMatchObject({ isLeaking: false });
  });

  it("costs no invocation anything when the store is down", async () => {
    const world = await healWorld();
    const environment = environmentIn(world, { ...world.healing, report: down, orders: down });
    await leak(environment);
    expect(environment.counts).toMatchObject({ reports: 1, retired: 0 });
  });
});
