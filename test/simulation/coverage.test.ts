import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BY_TESTS, COVERAGE, NOT_YET } from "../../simulation/coverage/coverage-list.ts";
import { createCoverage } from "../../simulation/coverage/create-coverage.ts";
import { createInvariants } from "../../simulation/invariants/create-invariants.ts";
import { createFacts } from "../../simulation/invariants/facts.ts";
import { PLANTS } from "../../simulation/plants/plants.ts";
import { runSeed } from "../../simulation/run-seed.ts";
import { cellOf, NOW_MS } from "../fixtures/orders.ts";

const STORIES = 15;
const DEFECTS = 17;

const page = readFileSync(new URL("../../docs/simulation.md", import.meta.url), "utf8");

describe("the coverage list", () => {
  it("has one meaning for each name", () => {
    const names = [...COVERAGE, ...NOT_YET].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { meaning } of [...COVERAGE, ...NOT_YET]) expect(meaning.length).toBeGreaterThan(10);
  });

  it("has every failure that really happened: seen, waited for, or held off by tests", () => {
    const known = new Set([
      ...COVERAGE.flatMap(({ failures }) => failures),
      ...NOT_YET.flatMap(({ failures }) => failures),
      ...Object.keys(BY_TESTS),
    ]);
    const all = [
      ...Array.from({ length: STORIES }, (_, index) => `story ${index + 1}`),
      ...Array.from({ length: DEFECTS }, (_, index) => `defect ${index + 1}`),
    ];
    expect(all.filter((failure) => !known.has(failure))).toEqual([]);
    expect([...known].filter((failure) => !all.includes(failure))).toEqual([]);
  });

  it("names tests that are there", () => {
    for (const path of Object.values(BY_TESTS)) {
      expect.soft([path, existsSync(new URL(`../../${path}`, import.meta.url))]).toContain(true);
    }
  });

  it("counts what is seen, under every name of the list and no other", () => {
    const coverage = createCoverage();
    coverage.observe({
      type: "cellWritten",
      atMs: NOW_MS,
      actor: undefined,
      before: "damaged",
      after: cellOf(),
    });
    const counts = coverage.counts();
    expect(Object.keys(counts)).toEqual(COVERAGE.map(({ name }) => name));
    expect(counts["corrupt-cell-rebuilt"]).toBe(1);
    expect(Object.values(counts).filter((count) => count > 0)).toHaveLength(1);
  });

  it("counts what it would if everything were asked about every observation", async () => {
    for (const seed of [8, 20]) {
      const { timeline, coverage } = await runSeed({
        seed,
        days: 0.17,
        mode: "safety",
        keepTimeline: true,
      });
      const facts = createFacts();
      const asked = COVERAGE.map(({ name, create }) => ({ name, isSeen: create(), count: 0 }));
      for (const observation of timeline) {
        for (const one of asked) if (one.isSeen(observation, facts)) one.count += 1;
        facts.note(observation);
      }
      expect(Object.fromEntries(asked.map(({ name, count }) => [name, count]))).toEqual(coverage);
    }
  }, 60_000);
});

describe("the page on the simulation", () => {
  it("names every invariant, every item of the coverage list and every plant", () => {
    const { names } = createInvariants();
    for (const name of [
      ...names,
      ...[...COVERAGE, ...NOT_YET].map((one) => one.name),
      ...PLANTS.map((one) => one.name),
    ]) {
      expect.soft([name, page.includes(`\`${name}\``)]).toEqual([name, true]);
    }
  });
});
