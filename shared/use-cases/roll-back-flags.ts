import { FLAG_NAMES, watchFlags } from "../domain/flags/flag.ts";
import type { SystemHealth } from "../domain/health/system-health.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** What rolling flags back needs. */
export type RollBackFlagsDeps = {
  readonly telemetry: Pick<Telemetry, "loadRollbacks" | "recordRollbacks">;
  readonly alerts: Alerts;
  readonly settings: Pick<Settings, "mode" | "flags">;
};

/**
 * Switches features that are on trial off when health says that what they change is not well, and
 * tells people. Nothing is read or written while no feature is on trial. Never switches one on.
 */
export const rollBackFlags = async (
  { telemetry, alerts, settings }: RollBackFlagsDeps,
  { components, atMs }: SystemHealth,
): Promise<void> => {
  const { flags, mode } = settings;
  const isAnyOnTrial = FLAG_NAMES.some(
    (flag) => flags[flag].rollBack && flags[flag].percent > 0 && flags[flag].percent < 100,
  );
  if (!isAnyOnTrial) return;
  const rollbacks = await telemetry.loadRollbacks();
  const levels = new Map(components.map(({ component, level }) => [component, level]));
  const standing = watchFlags({ flags, rollbacks, levels, atMs });
  const fresh = standing.filter((one) => !rollbacks.includes(one));
  if (fresh.length === 0) return;
  await telemetry.recordRollbacks(standing);
  for (const { flag, percent, reason } of fresh) {
    await alerts.publish({
      key: `flag-${flag}-${percent}`,
      action: "trigger",
      severity: "warning",
      summary: `${flag} was on for ${percent} % and is rolled back to nobody: ${reason}`,
      component: "flags",
      mode,
      atMs,
      runbook: "flag-rolled-back",
    });
  }
};
