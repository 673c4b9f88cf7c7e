import { describe, expect, it } from "vitest";
import type { Alert, Alerts } from "../../shared/ports/alerts.ts";
import { OPEN_MS } from "./arbitraries.ts";

/** Alerts, and what arrived at the other end. */
export type AlertsUnderTest = {
  readonly alerts: Alerts;
  readonly arrived: () => Promise<readonly unknown[]>;
};

/** What every adapter of alerts does. */
export const describeAlerts = (name: string, create: () => Promise<AlertsUnderTest>): void => {
  describe(name, () => {
    it("delivers each alert whole and in order", async () => {
      const { alerts, arrived } = await create();
      const first: Alert = {
        key: "ledger-differs/main",
        action: "trigger",
        severity: "critical",
        summary: "Ledger and broker differ in SPY: “2” against 3.",
        component: "reconcile-orders",
        mode: "paper",
        atMs: OPEN_MS,
        runbook: "docs/runbooks/ledger-differs.md",
      };
      const second: Alert = { ...first, action: "resolve", severity: "info" };
      await alerts.publish(first);
      await alerts.publish(second);
      expect(await arrived()).toEqual([first, second]);
    });
  });
};
