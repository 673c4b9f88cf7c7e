import type { DiagnosisInput } from "../../domain/healing/diagnose.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** What ending alerts needs. */
export type EndAlertsDeps = {
  readonly alerts: Alerts;
  readonly telemetry: Pick<Telemetry, "loadAlerts">;
  readonly settings: Pick<Settings, "account" | "region">;
};

const LOOKED_MAX = 200;
/** A queue that gave nothing up for so long is well again. */
const WITHOUT_LETTERS_MS = 15 * 60_000;

/**
 * Resolves what others told of and cannot see the end of: a cell that can be read again, and queues
 * that give nothing up any more. Throws `RetryableError`.
 */
export const endAlerts = async (
  { alerts, telemetry, settings }: EndAlertsDeps,
  facts: Pick<DiagnosisInput, "cell" | "deadLetters" | "nowMs">,
): Promise<void> => {
  const { account, region } = settings;
  const records = await telemetry.loadAlerts(LOOKED_MAX);
  for (const { alert } of records) {
    if (alert.action === "resolve") continue;
    const summary = endOf(alert, facts, { account, region });
    if (summary === undefined) continue;
    const end = { summary, atMs: facts.nowMs, action: "resolve", severity: "info" } as const;
    await alerts.publish({ ...alert, ...end });
  }
};

const endOf = (
  { key, atMs }: Alert,
  { cell, deadLetters, nowMs }: Pick<DiagnosisInput, "cell" | "deadLetters" | "nowMs">,
  { account, region }: Pick<Settings, "account" | "region">,
): string | undefined => {
  if (key === `cell-damaged-${account}` && cell.type === "whole") {
    return `The control cell of ${account} can be read again. Resuming takes two people.`;
  }
  const isOfQueue = key.startsWith("dead-letters-") && key.endsWith(`-${region}`);
  return isOfQueue && deadLetters === 0 && nowMs - atMs >= WITHOUT_LETTERS_MS
    ? "No message was given up lately; what was quarantined is in the archive."
    : undefined;
};
