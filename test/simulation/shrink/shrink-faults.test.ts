import { describe, expect, it } from "vitest";
import type { InjectedFault } from "../../../simulation/faults/fault-kind.ts";
import type { SeedOptions, SeedResult } from "../../../simulation/seed-run.ts";
import { shrinkFaults } from "../../../simulation/shrink/shrink-faults.ts";

const fault = (number: number, kind: InjectedFault["kind"], atMs: number): InjectedFault => ({
  number,
  atMs,
  kind,
  where: "somewhere",
});

const FAULTS = [
  fault(1, "delay", 10),
  fault(2, "zombie", 20),
  fault(3, "takeover", 30),
  fault(4, "delay", 40),
  fault(5, "delay", 90),
];

const OPTIONS: SeedOptions = { seed: 1, days: 0.1, mode: "safety" };

/** A world that breaks an invariant at 50 if `needed` strike, and another one in any case. */
const worldNeeding =
  (needed: readonly number[]) =>
  async (options: SeedOptions): Promise<SeedResult> => {
    const injected = FAULTS.filter(({ number }) => options.onlyFaults?.has(number) ?? true);
    const isBroken = needed.every((number) => injected.some((each) => each.number === number));
    return {
      seed: options.seed,
      mode: options.mode,
      enabled: [],
      traceHash: "",
      events: 0,
      virtualMs: 100,
      orders: 0,
      injected,
      violations: [
        { invariant: "another", atMs: 5, detail: "It is always broken." },
        ...(isBroken ? [{ invariant: "looked-for", atMs: 50, detail: "It is broken." }] : []),
      ],
      coverage: {},
      timeline: [],
    };
  };

const shrink = (needed: readonly number[]) =>
  shrinkFaults({
    options: OPTIONS,
    invariant: "looked-for",
    triesMax: 100,
    runSeed: worldNeeding(needed),
  });

describe("shrinking the faults of a seed", () => {
  it("leaves those that break the same invariant, in the order in which they struck", async () => {
    const { faults, isShrunk, isMinimal } = await shrink([3, 2]);
    expect(faults.map(({ number }) => number)).toEqual([2, 3]);
    expect({ isShrunk, isMinimal }).toEqual({ isShrunk: true, isMinimal: true });
  });

  it("leaves none where the world fails without any", async () => {
    expect((await shrink([])).faults).toEqual([]);
  });

  it("leaves all where the failure needs what struck after it", async () => {
    const { faults, isShrunk } = await shrink([5]);
    expect(faults).toEqual(FAULTS);
    expect(isShrunk).toBe(false);
  });

  it("says so where the seed does not fail at all", async () => {
    await expect(shrink([6])).rejects.toThrow("does not break looked-for");
  });
});
