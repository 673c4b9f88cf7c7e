import type { BackupFlaw } from "../domain/backup/backup-flaw.ts";
import type { Result } from "../domain/result.ts";
import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { BackupRecords } from "../ports/backup-records.ts";
import { type BackedUp, type BackUpDeps, createBackUp } from "./back-up.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** How backups stand after a look. */
export type BackupsKept = Omit<BackedUp, "link" | "state"> & {
  /** `broken`: the chain itself is damaged, and no export is added to it. */
  readonly state: BackedUp["state"] | "broken";
  readonly linkNumber: number | null;
  /**
   * Minutes since the moment of which the newest export is, and since the first look while there is
   * none, so that what never comes is late as well; null while that is not known.
   */
  readonly backupAgeMinutes: number | null;
  /** Minutes since a restore test succeeded; since the first look, and null, likewise. */
  readonly testAgeMinutes: number | null;
};

/** What keeping backups needs. */
export type KeepBackupsDeps = BackUpDeps & {
  /** A table that is exported for the archive, after the one that trading rests on. */
  readonly archived?: Pick<BackUpDeps, "backups" | "exports" | "policy"> | undefined;
  readonly records: Pick<BackupRecords, "firstLook" | "load">;
  readonly alerts: Alerts;
  readonly settings: Settings;
};

const MINUTE_MS = 60_000;
/** What is due once a day need not be looked after each minute. */
const ARCHIVE_LOOK_MINUTES = 10;

/** Brings the backups on by one step, tells how old they and their last test are, and alerts. */
export const createKeepBackups = (
  deps: KeepBackupsDeps,
): ((request?: { readonly isAsked?: boolean }) => Promise<BackupsKept>) => {
  const backUp = createBackUp(deps);
  return async (request) => {
    const result = await backUp(request);
    const nowMs = deps.clock.nowMs();
    await keepArchive(deps, nowMs);
    const { records } = deps;
    const firstLookMs = await tolerated(records.firstLook(nowMs));
    const testedAtMs = await tolerated(
      records.load().then((record) => record?.succeededAtMs ?? firstLookMs),
    );
    const { state, detail, backedUpToMs, link } = readResult(result);
    await tell(deps, deps.backups.table, { state, detail }, nowMs);
    return {
      state,
      detail,
      backedUpToMs,
      linkNumber: link?.number ?? null,
      backupAgeMinutes: minutesSince(backedUpToMs ?? firstLookMs, nowMs),
      testAgeMinutes: minutesSince(testedAtMs, nowMs),
    };
  };
};

/** Brings the archive on by a step; that it cannot keeps nobody from the backups. */
const keepArchive = async (deps: KeepBackupsDeps, nowMs: number): Promise<void> => {
  const { archived } = deps;
  const minute = Math.floor(nowMs / MINUTE_MS);
  if (archived === undefined || minute % ARCHIVE_LOOK_MINUTES !== 0) return;
  const keep = async (): Promise<void> => {
    const kept = readResult(await createBackUp({ ...deps, ...archived })());
    await tell(deps, archived.backups.table, kept, nowMs);
  };
  await tolerateLoss(keep());
};

const readResult = (
  result: Result<BackedUp, BackupFlaw>,
): Omit<BackedUp, "state"> & { readonly state: BackupsKept["state"] } =>
  result.ok
    ? result.value
    : { state: "broken", detail: result.error.detail, backedUpToMs: null, link: null };

/** The record is telemetry: without it only the age of the test is not known. */
const tolerated = async <Value>(work: Promise<Value>): Promise<Value | undefined> => {
  let value: Value | undefined;
  await tolerateLoss(work.then((read) => void (value = read)));
  return value;
};

const minutesSince = (atMs: number | undefined, nowMs: number): number | null =>
  atMs === undefined ? null : Math.max(0, (nowMs - atMs) / MINUTE_MS);

const tell = async (
  { alerts, settings }: KeepBackupsDeps,
  table: string,
  { state, detail }: Pick<BackupsKept, "state" | "detail">,
  atMs: number,
): Promise<void> => {
  if (state === "running" || state === "waiting") return;
  const publish = alerts.publish({
    key: `backup-${settings.region}-${table}`,
    action: state === "linked" ? "resolve" : "trigger",
    severity: state === "linked" ? "info" : "error",
    summary:
      state === "linked" ? `Backups of ${table} are made.` : `No backup of ${table}. ${detail}`,
    component: "back-up",
    mode: settings.mode,
    atMs,
    runbook: "backup-missing",
    isOfThisRegion: true,
  });
  await tolerateLoss(publish);
};
