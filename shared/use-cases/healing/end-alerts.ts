import { FLAG_NAMES, type FlagRollback } from "../../domain/flags/flag.ts";
import type { DiagnosisInput } from "../../domain/healing/diagnose.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Alert, Alerts } from "../../ports/alerts.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { refusedExitPrefixes } from "../refused-exits.ts";

/** What ending alerts needs. */
export type EndAlertsDeps = {
  readonly alerts: Alerts;
  readonly telemetry: Pick<Telemetry, "loadAlerts" | "loadRollbacks">;
  readonly settings: Pick<Settings, "account" | "region" | "flags">;
};

const LOOKED_MAX = 200;
const MINUTE_MS = 60_000;
/** A queue that gave nothing up for so long, and a tape without a gap, are well again. */
const WITHOUT_NEWS_MS = 15 * MINUTE_MS;
/** What is newer than this may have been told after the cell was read. */
const CELL_AGE_MAX_MS = MINUTE_MS;
/** What was not recorded stays so: it is over when nothing more was missed for so long. */
const WITHOUT_MISSING_MS = 60 * MINUTE_MS;

type Facts = Pick<DiagnosisInput, "cell" | "deadLetters" | "nowMs">;

/**
 * Resolves what others told of and cannot see the end of: a cell that can be read again, queues
 * that give nothing up any more, gaps that are closed, flags about which people decided anew, and
 * refused exits of what was closed since, which may have been in the other Region.
 * Throws `RetryableError`.
 */
export const endAlerts = async (
  { alerts, telemetry, settings }: EndAlertsDeps,
  facts: Facts,
): Promise<void> => {
  const records = await telemetry.loadAlerts(LOOKED_MAX);
  const open = records.filter(({ alert }) => alert.action === "trigger");
  const isAnyOfFlags = open.some(({ alert }) => alert.key.startsWith("flag-"));
  const rollbacks = isAnyOfFlags ? await telemetry.loadRollbacks() : [];
  for (const { alert } of open) {
    const summary = endOf(alert, facts, settings) ?? endOfTrial(alert, rollbacks, settings);
    if (summary === undefined) continue;
    const end = { summary, atMs: facts.nowMs, action: "resolve", severity: "info" } as const;
    await alerts.publish({ ...alert, ...end });
  }
};

const endOf = (
  { key, atMs, severity }: Alert,
  { cell, deadLetters, nowMs }: Facts,
  { account, region }: Pick<Settings, "account" | "region">,
): string | undefined => {
  const quietMs = nowMs - atMs;
  if (key === `cell-damaged-${account}` && cell.type === "whole") {
    return `The control cell of ${account} can be read again. Resuming takes two people.`;
  }
  const refused = refusedExitPrefixes(account).find((prefix) => key.startsWith(prefix));
  if (refused !== undefined && quietMs >= CELL_AGE_MAX_MS) {
    // While it is held, the Region that trades may be refused as well, under the same key.
    const symbol = key.slice(refused.length);
    const isClosed = cell.type === "whole" && cell.held?.includes(symbol) === false;
    return isClosed ? `Nothing of ${symbol} is held any more.` : undefined;
  }
  const isOfQueue = key.startsWith("dead-letters-") && key.endsWith(`-${region}`);
  if (isOfQueue && deadLetters === 0 && quietMs >= WITHOUT_NEWS_MS) {
    return "No message was given up lately; what was quarantined is in the archive.";
  }
  // With damaged lines it is more than news: a person looks at what was kept aside.
  const isOfTicks = key === `ticks-recovered-${region}` && severity === "info";
  if (isOfTicks && quietMs >= WITHOUT_NEWS_MS) return "The gap is closed, and there was no other.";
  const isOfAudit = key.startsWith(`audit-missed-${account}-`);
  return isOfAudit && quietMs >= WITHOUT_MISSING_MS
    ? "No other record was missed for an hour; this one stays missing."
    : undefined;
};

/** A rollback is over once people decided on another percentage, or cleared it. */
const endOfTrial = (
  { key }: Alert,
  rollbacks: readonly FlagRollback[],
  { flags }: Pick<Settings, "flags">,
): string | undefined => {
  const flag = FLAG_NAMES.find((name) => key.startsWith(`flag-${name}-`));
  if (flag === undefined) return undefined;
  const { percent } = flags[flag];
  const stands =
    key === `flag-${flag}-${percent}` &&
    rollbacks.some((one) => one.flag === flag && one.percent === percent);
  return stands ? undefined : `${flag} was decided on anew: it is on for ${percent} %.`;
};
