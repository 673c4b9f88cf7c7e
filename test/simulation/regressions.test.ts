import { describe, expect, it } from "vitest";
import { createRandomStreams } from "../../simulation/engine/random-streams.ts";
import { planFaults } from "../../simulation/faults/plan-faults.ts";
import { runSeed } from "../../simulation/run-seed.ts";
import type { SeedOptions } from "../../simulation/seed-run.ts";

/** A seed that once broke an invariant, and what was wrong; it stays here for ever. */
type Regression = { readonly story: string; readonly options: SeedOptions };

const REGRESSIONS: readonly Regression[] = [
  {
    story: "an intent was denied while the ledger did not answer, and its message was removed",
    options: { seed: 3, days: 0.25, mode: "safety" },
  },
  {
    story: "an intent was too old, its end was not stored, and its message was removed",
    options: { seed: 16, days: 0.25, mode: "safety" },
  },
  {
    story: "a takeover alone was taken for a change of claims in a world of sealed items",
    options: { seed: 9, days: 0.25, mode: "safety" },
  },
  {
    story: "one damaged history kept reconciliation from settling every other order",
    options: { seed: 4_005, days: 0.17, mode: "liveness" },
  },
  {
    story: "an order left after its claim's moment, because a budget was asked for in between",
    options: { seed: 1_020, days: 0.17, mode: "safety" },
  },
  {
    story: "limits that a conflict kept from being put back were left so for five minutes",
    options: { seed: 214, days: 0.17, mode: "safety" },
  },
  {
    story: "limits that one throttled read kept from being put back were left so for minutes",
    options: { seed: 517, days: 0.17, mode: "safety" },
  },
  {
    story: "a run that announced and died before it kept the level left the alert open for ever",
    options: { seed: 58, days: 0.17, mode: "liveness" },
  },
  {
    story: "limits that drifted a second time, just as before, were not put back for minutes",
    options: { seed: 399, days: 0.17, mode: "liveness" },
  },
  {
    story: "one damaged history kept the audit from sealing every other order",
    options: { seed: 2, days: 0.17, mode: "liveness", faultKinds: ["damaged-history"] },
  },
  {
    story: "who halted what another had halted or was closing already was recorded as that other",
    options: { seed: 42, days: 0.17, mode: "safety" },
  },
  {
    story: "a split took away what was being flattened, and nobody told the ledger that it is gone",
    options: { seed: 203, days: 0.17, mode: "liveness" },
  },
  {
    story:
      "a request that came late, and was not shown then, counted as an order that was forgotten",
    options: { seed: 5_056, days: 0.17, mode: "safety" },
  },
  {
    story: "a restore did not see what only the other Region had locked, and forked the audit",
    options: { seed: 131, days: 0.17, mode: "safety" },
  },
  {
    story:
      "an old answer hid a leg's late fill from the next try of an exit, and counted as invented",
    options: { seed: 1_318, days: 0.17, mode: "safety" },
  },
  {
    story: "a rebuilt cell had an ended order for a second, and its last event waited for its day",
    options: { seed: 277, days: 0.17, mode: "liveness" },
  },
  {
    story: "a late exit was sized by shares of an entry that the books did not hold yet",
    options: { seed: 837, days: 0.17, mode: "safety" },
  },
  {
    story: "an incident's end was told and not kept, and nobody was told that it began again",
    options: { seed: 428, days: 0.17, mode: "safety" },
  },
  {
    story: "a rebuilt cell counts an entry that never arrived: the invariant counted it as well",
    options: { seed: 443, days: 0.17, mode: "liveness" },
  },
];

/** The same world as then: a kind that is younger than these seeds would make another one of it. */
const asThen = (options: SeedOptions): SeedOptions => {
  const plan = createRandomStreams(options.seed).stream("plan");
  const faultKinds = planFaults(plan, options.faultKinds).map(({ kind }) => kind);
  return { ...options, faultKinds: faultKinds.filter((kind) => kind !== "market-data-backlog") };
};

describe("a seed that failed once", () => {
  it.each(REGRESSIONS)("holds now: $story", async ({ options }) => {
    expect((await runSeed(asThen(options))).violations).toEqual([]);
  });
});

/** Some of each mode; a world that is run twice must do the same to the last byte. */
const TWICE: readonly SeedOptions[] = [
  { seed: 101, days: 0.12, mode: "safety" },
  { seed: 102, days: 0.12, mode: "liveness" },
  { seed: 103, days: 0.12, mode: "safety" },
  { seed: 104, days: 0.12, mode: "liveness" },
];

describe("a seed that is run twice", () => {
  it.each(TWICE)("does the same: seed $seed, $mode", async (options) => {
    const [first, second] = [await runSeed(options), await runSeed(options)];
    expect(second).toEqual(first);
    expect(first.violations).toEqual([]);
  });
});
