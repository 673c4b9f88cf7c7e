import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterInvocation,
  judgeEnvironment,
  NEW_TREND,
  type EnvironmentBounds,
  type MemoryMeasure,
} from "../../../shared/domain/healing/environment-watch.ts";

const MEBIBYTE = 1_048_576;
const bounds: EnvironmentBounds = {
  memoryBytes: 512 * MEBIBYTE,
  diskBytes: 512 * MEBIBYTE,
  filesMax: 1_000,
  connectionsMax: 256,
};
const disk = { bytes: 0, files: 0 };
const memoryOf = (change: Partial<MemoryMeasure> = {}): MemoryMeasure => ({
  heldBytes: 100 * MEBIBYTE,
  residentBytes: 150 * MEBIBYTE,
  connections: 3,
  ...change,
});

/** Judges after every invocation; the index of the first that leaks, else -1. */
const firstLeak = (measures: readonly MemoryMeasure[]): number => {
  let trend = NEW_TREND;
  return measures.findIndex((memory) => {
    trend = afterInvocation(trend, memory, bounds);
    return judgeEnvironment(trend, { memory, disk }, bounds).isLeaking;
  });
};

const judge = (bytes: number, files: number) =>
  judgeEnvironment(NEW_TREND, { memory: memoryOf(), disk: { bytes, files } }, bounds);

describe("the watch over a function's environment", () => {
  it("finds no leak in memory that is collected, however it rises in between", () => {
    const run = fc.property(
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 10, max: 200 }),
      (period, step, base) => {
        const measures = Array.from({ length: 600 }, (_, index) =>
          memoryOf({ heldBytes: (base + (index % period) * step) * MEBIBYTE }),
        );
        expect(firstLeak(measures)).toBe(-1);
      },
    );
    fc.assert(run, { numRuns: 50 });
  });

  it("finds every steady leak before the memory is full, whatever the collector does", () => {
    const run = fc.property(
      fc.double({ min: 0.05, max: 0.6, noNaN: true }),
      fc.integer({ min: 1, max: 31 }),
      (perInvocation, period) => {
        const held = (index: number): number =>
          (80 + index * perInvocation + (index % period)) * MEBIBYTE;
        const measures = Array.from({ length: 12_000 }, (_, index) =>
          memoryOf({ heldBytes: held(index) }),
        );
        const found = firstLeak(measures);
        expect(found).toBeGreaterThan(0);
        expect(held(found)).toBeLessThan(bounds.memoryBytes);
      },
    );
    fc.assert(run, { numRuns: 30 });
  });

  it("takes no more room after a thousand invocations than after two hundred", () => {
    let trend = NEW_TREND;
    for (let index = 0; index < 1_000; index++) {
      trend = afterInvocation(trend, memoryOf({ heldBytes: index * 1_000 }), bounds);
    }
    expect(trend.floors.length).toBeLessThanOrEqual(6);
  });

  it("counts memory that is nearly all in use three times in a row, not once", () => {
    const tight = memoryOf({ residentBytes: 500 * MEBIBYTE });
    expect(firstLeak([tight, tight, memoryOf(), tight, tight])).toBe(-1);
    expect(firstLeak([tight, tight, tight])).toBe(2);
  });

  it("counts connections that pile up", () => {
    expect(firstLeak([memoryOf({ connections: 256 })])).toBe(-1);
    expect(firstLeak([memoryOf({ connections: 257 })])).toBe(0);
  });

  it("calls the directory full by its bytes and by its files, and gives the figures", () => {
    expect(judge(400 * MEBIBYTE, 1_000).isDiskFull).toBe(false);
    expect(judge(410 * MEBIBYTE, 1).isDiskFull).toBe(true);
    expect(judge(0, 1_001)).toMatchObject({ isDiskFull: true, isLeaking: false });
    expect(judge(410 * MEBIBYTE, 2).detail).toBe(
      "It holds 100 MiB and takes 150 of 512; 2 files take 410 of 512 MiB; 3 connections stand.",
    );
  });
});
