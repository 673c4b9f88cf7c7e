import { describe, expect, it } from "vitest";
import { chaosDocument } from "../../bin/chaos/chaos-document.ts";
import type { ScenarioResult } from "../../local/chaos/judge-scenario.ts";
import type { ChaosReport } from "../../local/chaos/run-chaos.ts";
import { SCENARIOS } from "../../local/chaos/scenarios.ts";

const resultOf = (name: ScenarioResult["name"], change: Partial<ScenarioResult> = {}) => ({
  name,
  expects: "alert" as const,
  needsPeople: false,
  isOnce: false,
  detectMs: 24_000,
  firstSign: "broker: It does not answer.",
  signToAlertMs: 83,
  alertMs: 24_083,
  struck: 3,
  tradesAgainMs: 30_000,
  recoverMs: 180_000,
  lastReason: "",
  worst: "FAILED",
  alerts: ["system-health-local"],
  remedies: [],
  ordersSent: 12,
  ordersDoubled: 0,
  ordersUnguarded: 0,
  dataLost: [],
  lame: ["broker"],
  bystanders: 11,
  cascaded: [],
  ok: true,
  broken: [],
  ...change,
});

const reportOf = (scenarios: readonly ScenarioResult[]): ChaosReport => ({
  mode: "sim",
  seed: 1,
  speed: 20,
  scenarios,
  cascadesPrevented: 1,
  signToAlertMaxMs: 83,
  recoverMeanMs: 180_000,
  recoverMaxMs: 180_000,
  isStopped: false,
  ok: true,
});

describe("the document of what happens when something breaks", () => {
  it("has a row and a part for every failure, in columns as the formatter leaves them", () => {
    const text = chaosDocument(reportOf(SCENARIOS.map(({ name }) => resultOf(name))));
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(SCENARIOS.length + 2);
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
    for (const { name } of SCENARIOS) expect(text).toContain(`\n## ${name}\n`);
    expect(text.endsWith("\n")).toBe(true);
    expect(text).not.toContain("\n\n\n");
  });

  it("says what did not hold, and what never came", () => {
    const broken = ["No order was sent after it."];
    const one = resultOf("broker_down", { ok: false, broken, tradesAgainMs: null });
    const text = chaosDocument(reportOf([one]));
    expect(text).toContain("Does not hold: No order was sent after it.");
    expect(text).toMatch(/\| \[broker_down\].*\| 83 ms\s+\| -\s+\|/);
  });
});
