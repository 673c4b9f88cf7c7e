import { RetryableError } from "../domain/fault.ts";
import { isSilenced, type QuietHours } from "../domain/alerts/quiet-hours.ts";
import type { Alert, Alerts } from "../ports/alerts.ts";
import type { Clock } from "../ports/clock.ts";
import type { AlertRecord, Telemetry } from "../ports/telemetry.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** What keeping alerts needs. */
export type KeepAlertsDeps = {
  /** The way to people. */
  readonly alerts: Alerts;
  readonly telemetry: Pick<Telemetry, "recordAlert" | "loadAlert" | "loadAlerts">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Absent where there are none. */
  readonly quietHours?: QuietHours | undefined;
};

/** What goes on unchanged is said again so often: somebody may have closed the incident by hand. */
const REMIND_MS = 60 * 60_000;
/** Incidents that one run looks through. */
const LOOKED_MAX = 200;

/**
 * Alerts of which only transitions are told: an incident that begins, changes, ends, or goes on for
 * an hour. The last word is kept before it is told, so that one that could not be told is told
 * later by `tellAgain`. Throws `RetryableError` only where it could be neither kept nor told; a
 * store that is down makes alerts more frequent, never fewer. The end of an incident of this Region
 * that never began, or was told to be over, is told to nobody. In quiet hours what begins and is not
 * critical is kept alone, and told after them where it still stands; what ends is told at once.
 */
export const keepAlerts = ({ alerts, telemetry, clock, quietHours }: KeepAlertsDeps): Alerts => ({
  publish: async ({ isOfThisRegion = false, ...alert }) => {
    const read = await loadIfPossible(telemetry, alert.key);
    const known = read === "unreadable" ? undefined : read;
    const nowMs = clock.nowMs();
    if (known !== undefined && isRepetition(known, alert, nowMs)) return;
    if (isOfThisRegion && alert.action === "resolve" && isNothing(read)) return;
    const beganAtMs = beginOf(known, alert);
    const isHeld = alert.action === "trigger" && isSilenced(alert.severity, nowMs, quietHours);
    // It is held already, and nothing about it has changed.
    if (isHeld && known !== undefined && isHeldAs(known, alert)) return;
    const isKept = await keepIfPossible(telemetry, { alert, toldAtMs: null, beganAtMs });
    // What cannot be kept would be forgotten: it is told whatever the hour.
    if (isHeld && isKept) return;
    try {
      await alerts.publish(alert);
    } catch (error) {
      if (error instanceof RetryableError && isKept) return;
      throw error;
    }
    await keepIfPossible(telemetry, { alert, toldAtMs: clock.nowMs(), beganAtMs });
  },
});

/**
 * Tells what was kept and never told; what fails again stays for the next run. Returns the last
 * word on each incident.
 */
export const tellAgain = async ({
  alerts,
  telemetry,
}: Pick<KeepAlertsDeps, "alerts" | "telemetry">): Promise<readonly AlertRecord[]> => {
  const records = await telemetry.loadAlerts(LOOKED_MAX);
  for (const { alert, toldAtMs } of records) {
    // Its key is its incident's, so that one that was told after all pages nobody twice.
    if (toldAtMs === null) await tolerateLoss(alerts.publish(alert));
  }
  return records;
};

/** Ends the incidents whose key begins so and that still stand, because their cause is over. */
export const resolveAlerts = async (
  { alerts, telemetry }: Pick<KeepAlertsDeps, "alerts" | "telemetry">,
  keyPrefix: string,
  end: Pick<Alert, "summary" | "atMs">,
): Promise<void> => {
  const records = await telemetry.loadAlerts(LOOKED_MAX);
  for (const { alert } of records) {
    if (alert.action === "resolve" || !alert.key.startsWith(keyPrefix)) continue;
    await alerts.publish({ ...alert, ...end, action: "resolve", severity: "info" });
  }
};

/** An incident that stands began before; one that was over begins anew. */
const beginOf = (known: AlertRecord | undefined, { action, atMs }: Alert): number =>
  known !== undefined && (action === "resolve" || known.alert.action === "trigger")
    ? (known.beganAtMs ?? known.alert.atMs)
    : atMs;

const isRepetition = ({ alert, toldAtMs }: AlertRecord, now: Alert, nowMs: number): boolean =>
  toldAtMs !== null &&
  alert.action === now.action &&
  (now.action === "resolve" ||
    (alert.severity === now.severity && alert.summary === now.summary)) &&
  nowMs - toldAtMs < REMIND_MS;

/** Whether there is nothing to end; what could not be read may stand. */
const isNothing = (read: AlertRecord | "unreadable" | undefined): boolean =>
  read === undefined ||
  (read !== "unreadable" && read.alert.action === "resolve" && read.toldAtMs !== null);

const isHeldAs = ({ alert, toldAtMs }: AlertRecord, now: Alert): boolean =>
  toldAtMs === null &&
  alert.action === now.action &&
  alert.severity === now.severity &&
  alert.summary === now.summary;

const loadIfPossible = async (
  telemetry: Pick<Telemetry, "loadAlert">,
  key: string,
): Promise<AlertRecord | "unreadable" | undefined> => {
  try {
    return await telemetry.loadAlert(key);
  } catch (error) {
    if (error instanceof RetryableError) return "unreadable";
    throw error;
  }
};

const keepIfPossible = async (
  telemetry: Pick<Telemetry, "recordAlert">,
  record: AlertRecord,
): Promise<boolean> => {
  try {
    await telemetry.recordAlert(record);
    return true;
  } catch (error) {
    if (error instanceof RetryableError) return false;
    throw error;
  }
};
