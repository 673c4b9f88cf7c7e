import { describe, expect, it } from "vitest";
import type { Alert } from "../../../shared/ports/alerts.ts";
import { createAlertsReachPeople } from "../../../simulation/invariants/alerts-reach-people.ts";
import type { SimulationMode } from "../../../simulation/seed-run.ts";
import { NOW_MS, REGION } from "../../fixtures/orders.ts";
import { by, createStage, judge, type Told } from "./stage.ts";

const alert: Alert = {
  key: "system-health-us-east-1",
  action: "trigger",
  severity: "critical",
  summary: "Trading failed.",
  component: "system",
  mode: "paper",
  atMs: NOW_MS,
  runbook: "system-health",
};
const raised: Told = { type: "alertRaised", region: REGION, alert };
const paged: Told = { type: "paged", region: REGION, alert };
const kept = (toldAtMs: number | null): Told => ({
  type: "alertKept",
  actor: by("aggregate-health"),
  record: { alert, toldAtMs, beganAtMs: NOW_MS },
});

const verdicts = (
  told: readonly Told[],
  end: { readonly mode: SimulationMode; readonly minutes: number },
): number => {
  const stage = { ...createStage(), nowMs: NOW_MS + end.minutes * 60_000 };
  return judge(createAlertsReachPeople(), stage, told, end.mode).length;
};

describe("alerts reach people", () => {
  it("holds for what was kept, handed over, kept as told and paged", () => {
    const told = [kept(null), raised, kept(NOW_MS), paged];
    expect(verdicts(told, { mode: "liveness", minutes: 60 })).toBe(0);
  });

  it("is broken by an alert that counts as told before it was handed over", () => {
    expect(verdicts([kept(NOW_MS), raised, paged], { mode: "safety", minutes: 60 })).toBe(1);
  });

  it("is broken by one that paged nobody in time, unless an alarm says so", () => {
    expect(verdicts([raised], { mode: "safety", minutes: 5 })).toBe(0);
    expect(verdicts([raised], { mode: "safety", minutes: 60 })).toBe(1);
    const alarm: Told = {
      type: "alertRaised",
      region: REGION,
      alert: { ...alert, key: "holdfast-failed-alerts" },
    };
    expect(verdicts([raised, alarm], { mode: "safety", minutes: 60 })).toBe(0);
  });

  it("is broken where nobody was told although nothing fails any more", () => {
    expect(verdicts([kept(null)], { mode: "safety", minutes: 60 })).toBe(0);
    expect(verdicts([kept(null)], { mode: "liveness", minutes: 60 })).toBe(1);
  });
});
