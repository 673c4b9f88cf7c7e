import { describe, expect, it } from "vitest";
import type { Alert } from "../../../shared/ports/alerts.ts";
import {
  createFaultsAreTold,
  TOLD_WITHIN_MS,
} from "../../../simulation/invariants/faults-are-told.ts";
import { cellOf, NOW_MS, REGION } from "../../fixtures/orders.ts";
import { by, createStage, judge, type Told, wrote } from "./stage.ts";

const actor = by("aggregate-health", REGION, 9);
const MINUTE_MS = 60_000;
const cell = { ...cellOf(), activeRegion: REGION };

const health = (level: string, atMs: number): readonly Told[] => [
  { type: "functionStarted", actor, isColdStart: false, atMs },
  { type: "functionEnded", actor, outcome: "returned", answer: { level }, atMs },
];

const incident = {
  type: "alertRaised",
  region: REGION,
  alert: {
    key: `system-health-${REGION}`,
    action: "trigger",
    severity: "critical",
    summary: "Trading failed.",
    component: "system",
    mode: "paper",
    atMs: NOW_MS,
    runbook: "system-health",
  } satisfies Alert,
} as const satisfies Told;

const warning: Told = { ...incident, alert: { ...incident.alert, severity: "warning" } };
const end: Told = { ...incident, alert: { ...incident.alert, action: "resolve" } };

const verdicts = (...told: readonly Told[]): number =>
  judge(createFaultsAreTold(), createStage(), [wrote(undefined, cell, undefined, 0), ...told])
    .length;

const untilMs = NOW_MS + 60 * MINUTE_MS;
const VENDORS: Told = { type: "outageBegan", of: "every vendor", untilMs };
const ISOLATED: Told = { type: "regionIsolated", region: REGION };
const DAMAGED: Told = { type: "cellDamaged" };
const FAULTS: readonly (readonly [keyof typeof TOLD_WITHIN_MS, Told])[] = [
  ["broker", { type: "outageBegan", of: "broker", untilMs }],
  ["every vendor", VENDORS],
  ["ledger", ISOLATED],
  ["cell", DAMAGED],
];

describe.each(FAULTS)("a fault that persists is told of: the %s", (name, fault) => {
  const lateMs = NOW_MS + TOLD_WITHIN_MS[name] + MINUTE_MS;

  it("has time until its bound", () => {
    expect(verdicts(fault, ...health("OK", lateMs - 2 * MINUTE_MS))).toBe(0);
  });

  it("is broken where health is OK behind it, and where nobody was told", () => {
    expect(verdicts(fault, ...health("OK", lateMs))).toBe(1);
    expect(verdicts(fault, ...health("FAILED", lateMs))).toBe(1);
    expect(verdicts(fault, incident, ...health("FAILED", lateMs))).toBe(0);
  });

  it("is broken where people were only warned although trading has failed", () => {
    expect(verdicts(fault, warning, ...health("DEGRADED", lateMs))).toBe(0);
    expect(verdicts(fault, warning, ...health("FAILED", lateMs))).toBe(1);
    expect(verdicts(fault, incident, warning, ...health("FAILED", lateMs))).toBe(0);
    expect(verdicts(fault, incident, end, warning, ...health("FAILED", lateMs))).toBe(1);
  });
});

describe("a fault that persists is told of", () => {
  it("ends with the outage, with the isolation and with the damage", () => {
    const lateMs = NOW_MS + 20 * MINUTE_MS;
    expect(verdicts(VENDORS, { type: "faultsStopped" }, ...health("OK", lateMs))).toBe(0);
    expect(
      verdicts(ISOLATED, { type: "regionHealed", region: REGION }, ...health("OK", lateMs)),
    ).toBe(0);
    expect(verdicts(DAMAGED, wrote("damaged", cell, actor), ...health("OK", lateMs))).toBe(0);
  });

  it("asks for prices only of the Region that trades", () => {
    const passive = { ...cell, activeRegion: "us-west-2" };
    const lateMs = NOW_MS + 20 * MINUTE_MS;
    expect(verdicts(wrote(cell, passive, undefined), VENDORS, ...health("OK", lateMs))).toBe(0);
  });
});
