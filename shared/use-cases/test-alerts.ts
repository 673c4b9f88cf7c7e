import { ok, type Result } from "../domain/result.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { ControlRefusal } from "./control-refusal.ts";

/** What a test alert came to. */
type AlertsTested = {
  /** Names the incident in the pager. */
  readonly key: string;
  readonly isHandedOver: boolean;
  /** One sentence. */
  readonly detail: string;
};

/**
 * Sends an incident that begins and ends at once, on the way that real ones go. Whether the pager
 * took it shows in the evidence of notify.
 */
export const createTestAlerts =
  (deps: {
    readonly alerts: Alerts;
    readonly telemetry: Pick<Telemetry, "loadAlert">;
    readonly clock: Clock;
    readonly settings: Pick<Settings, "mode" | "region">;
  }) =>
  async (by: string): Promise<Result<AlertsTested, ControlRefusal>> => {
    const atMs = deps.clock.nowMs();
    const { mode, region } = deps.settings;
    const key = `test-${region}-${new Date(atMs).toISOString()}`;
    const alert: Alert = {
      key,
      action: "trigger",
      severity: "warning",
      summary: `${by.slice(0, 255)} tests whether alerts of ${region} arrive; nothing is wrong.`,
      component: "alerts",
      mode,
      atMs,
      runbook: "alerts-undelivered",
    };
    await deps.alerts.publish(alert);
    await deps.alerts.publish({ ...alert, action: "resolve", severity: "info" });
    const record = await deps.telemetry.loadAlert(key);
    const isHandedOver = record !== undefined && record.toldAtMs !== null;
    const detail = isHandedOver
      ? "It was handed over; the evidence of notify says whether the pager took it."
      : "It was kept and not handed over; the next run of aggregate-health tries again.";
    return ok({ key, isHandedOver, detail });
  };
