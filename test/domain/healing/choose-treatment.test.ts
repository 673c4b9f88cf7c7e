import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseTreatment,
  HEALING_BUDGET,
  isStopped,
} from "../../../shared/domain/healing/choose-treatment.ts";
import { CAUSES, classOf, type Finding } from "../../../shared/domain/healing/finding.ts";
import {
  REMEDY_NAMES,
  remedyFor,
  type HealingRecord,
} from "../../../shared/domain/healing/remedy.ts";

const NOW_MS = 10_000_000;
const HOUR_MS = 3_600_000;

const finding: fc.Arbitrary<Finding> = fc.record({
  cause: fc.constantFrom(...CAUSES),
  component: fc.constantFrom("flow", "market-data"),
  subject: fc.constantFrom("", "polygon"),
  detail: fc.constant("It is so."),
});

const record: fc.Arbitrary<HealingRecord> = fc.record({
  id: fc.uuid(),
  atMs: fc.integer({ min: NOW_MS - HOUR_MS, max: NOW_MS }),
  remedy: fc.option(fc.constantFrom(...REMEDY_NAMES)),
  cause: fc.constantFrom(...CAUSES),
  component: fc.constant("flow"),
  subject: fc.constantFrom("", "polygon"),
  outcome: fc.constantFrom("applied", "helped", "undone", "failed", "escalated", "cleared"),
  detail: fc.constant("It was so."),
});

const flowFinding: Finding = { cause: "flowStale", component: "flow", subject: "", detail: "Old." };

const failureAt = (atMs: number, change: Partial<HealingRecord> = {}): HealingRecord => ({
  ...flowFinding,
  id: `${atMs}`,
  atMs,
  remedy: "refetchFlow",
  outcome: "failed",
  ...change,
});

const treat = (findings: readonly Finding[], history: readonly HealingRecord[]) =>
  chooseTreatment(findings, history, NOW_MS, HEALING_BUDGET);

describe("the choice of a treatment", () => {
  it("applies only the remedy of the finding, and never one that is stopped", () => {
    fc.assert(
      fc.property(fc.array(finding), fc.array(record, { maxLength: 40 }), (findings, history) => {
        const treatment = treat(findings, history);
        if (treatment.type !== "apply") return;
        expect(treatment.remedy).toBe(remedyFor(treatment.finding.cause));
        expect(isStopped(treatment.remedy, history, NOW_MS, HEALING_BUDGET)).toBe(false);
      }),
    );
  });

  it("never uses a remedy more often than its budget, nor all of them together", () => {
    fc.assert(
      fc.property(fc.array(finding), fc.integer({ min: 1, max: 90 }), (findings, stepSeconds) => {
        const history: HealingRecord[] = [];
        for (let step = 0; step < 60; step++) {
          const nowMs = NOW_MS + step * stepSeconds * 1_000;
          const treatment = chooseTreatment(findings, history, nowMs, HEALING_BUDGET);
          if (treatment.type !== "apply") continue;
          const { remedy, finding: found } = treatment;
          history.unshift({ ...found, id: `${step}`, atMs: nowMs, remedy, outcome: "helped" });
          const recent = history.filter(({ atMs }) => nowMs - atMs < HEALING_BUDGET.windowMs);
          const same = recent.filter((one) => one.remedy === remedy);
          expect(same.length).toBeLessThanOrEqual(HEALING_BUDGET.perRemedyMax);
          expect(recent.length).toBeLessThanOrEqual(HEALING_BUDGET.inAllMax);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("halts for a broken guard before anything else", () => {
    fc.assert(
      fc.property(fc.array(finding), fc.array(record), (findings, history) => {
        const broken: Finding = { ...flowFinding, cause: "guardBroken" };
        expect(treat([...findings, broken], history).type).toBe("halt");
      }),
    );
  });

  it("does nothing about nothing, and never heals configuration but by the signed one", () => {
    expect(treat([], [])).toEqual({ type: "nothing" });
    for (const cause of CAUSES) {
      const remedy = remedyFor(cause);
      const isForPeople = classOf(cause) === "configuration" || classOf(cause) === "schema";
      if (isForPeople) expect([undefined, "restoreConfiguration"]).toContain(remedy);
    }
  });
});

describe("a remedy that failed five times in ten minutes", () => {
  const five = [9, 8, 6, 3, 0].map((minutes) => failureAt(NOW_MS - minutes * 60_000));

  it("is stopped, stays so, and a person is asked", () => {
    expect(isStopped("refetchFlow", five, NOW_MS, HEALING_BUDGET)).toBe(true);
    expect(isStopped("refetchFlow", five, NOW_MS + 24 * HOUR_MS, HEALING_BUDGET)).toBe(true);
    expect(treat([flowFinding], five)).toMatchObject({ type: "escalate" });
  });

  it("is not stopped after four, nor when they are spread, nor once a person has cleared it", () => {
    expect(isStopped("refetchFlow", five.slice(1), NOW_MS, HEALING_BUDGET)).toBe(false);
    const spread = [44, 33, 22, 11, 0].map((minutes) => failureAt(NOW_MS - minutes * 60_000));
    expect(isStopped("refetchFlow", spread, NOW_MS, HEALING_BUDGET)).toBe(false);
    const cleared = failureAt(NOW_MS + 1, { outcome: "cleared" });
    expect(isStopped("refetchFlow", [cleared, ...five], NOW_MS + 2, HEALING_BUDGET)).toBe(false);
  });
});
