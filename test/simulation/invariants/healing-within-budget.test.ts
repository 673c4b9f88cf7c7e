import { describe, expect, it } from "vitest";
import type { Cause } from "../../../shared/domain/healing/finding.ts";
import type { HealingOutcome, RemedyName } from "../../../shared/domain/healing/remedy.ts";
import { createHealingWithinBudget } from "../../../simulation/invariants/healing-within-budget.ts";
import { NOW_MS } from "../../fixtures/orders.ts";
import { by, createStage, judge, type Told } from "./stage.ts";

const MINUTE_MS = 60_000;

const noted = (
  number: number,
  minute: number,
  outcome: HealingOutcome,
  remedy: RemedyName = "resetVendor",
  cause: Cause = "vendorFailing",
): Told => ({
  type: "healingNoted",
  actor: by("run-diagnostics"),
  atMs: NOW_MS + minute * MINUTE_MS,
  record: {
    id: `${number}`,
    atMs: NOW_MS,
    remedy,
    cause,
    component: "market-data",
    subject: "yahoo",
    outcome,
    detail: "A test.",
  },
});

const verdicts = (told: readonly Told[]): number =>
  judge(createHealingWithinBudget(), createStage(), told).length;

describe("healing keeps to its budget", () => {
  it("holds for six uses in half an hour, and for one more behind it", () => {
    const uses = [0, 1, 2, 3, 4, 5].map((number) => noted(number, 5 * number, "applied"));
    expect(verdicts([...uses, noted(6, 31, "applied")])).toBe(0);
  });

  it("is broken by the seventh use of a remedy, and by the thirteenth of all", () => {
    const seven = [0, 1, 2, 3, 4, 5, 6].map((number) => noted(number, number, "applied"));
    expect(verdicts(seven)).toBe(1);
    const names: readonly RemedyName[] = ["resetVendor", "refetchFlow", "settleUnknown"];
    const thirteen = Array.from({ length: 13 }, (_, number) =>
      noted(number, number, "applied", names[number % 3]),
    );
    expect(verdicts(thirteen)).toBe(1);
  });

  it("is broken by a use behind five failures in ten minutes", () => {
    const failed = [0, 1, 2, 3, 4].flatMap((number) => [
      noted(number, 2 * number, "applied"),
      noted(number, 2 * number + 1, "failed"),
    ]);
    expect(verdicts(failed)).toBe(0);
    expect(verdicts([...failed, noted(5, 11, "applied")])).toBe(1);
    expect(verdicts([...failed, noted(5, 11, "applied", "refetchFlow")])).toBe(0);
  });

  it("holds for a use of what was cleared since, and is broken where only a person may clear", () => {
    const failed = [0, 1, 2, 3, 4].flatMap((number) => [
      noted(number, 2 * number, "applied"),
      noted(number, 2 * number + 1, "failed"),
    ]);
    expect(verdicts([...failed, noted(5, 11, "cleared"), noted(6, 12, "applied")])).toBe(0);
    const drift = noted(5, 11, "cleared", "restoreConfiguration", "configurationDrift");
    expect(verdicts([...failed, drift])).toBe(1);
  });
});
