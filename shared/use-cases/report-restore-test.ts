import type { Settings } from "../domain/settings.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { BackupFiles } from "../ports/backup-files.ts";
import type { BackupRecords } from "../ports/backup-records.ts";
import type { Clock } from "../ports/clock.ts";
import { tolerateLoss } from "./tolerate-loss.ts";
import { type RestoreTest, verdictOf } from "./verify-restore.ts";

/** What a restore test came to, as its report says it. */
export type RestoreTestReport = {
  readonly ok: boolean;
  /** One sentence. */
  readonly detail: string;
  readonly test: RestoreTest | null;
  readonly atMs: number;
  readonly seconds: number;
  readonly region: string;
  readonly mode: string;
};

/** What reporting needs. */
export type ReportRestoreTestDeps = {
  /** Below `reports/` of the locked bucket: what is written there stays. */
  readonly reports: Pick<BackupFiles, "write">;
  readonly records: BackupRecords;
  readonly alerts: Alerts;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Settings;
};

const SUMMARY_MAX = 1_024;

/**
 * Keeps the report where nobody can change it, notes when a test last succeeded, and tells people
 * of one that did not. `fault` is what ended a test that has no result.
 */
export const createReportRestoreTest =
  (deps: ReportRestoreTestDeps) =>
  async (test: RestoreTest | null, fault: string | null): Promise<RestoreTestReport> => {
    const { settings, clock, records, alerts } = deps;
    const { region, mode } = settings;
    const atMs = clock.nowMs();
    const verdict = test === null ? undefined : verdictOf(test);
    const isOk = fault === null && verdict?.ok === true;
    const detail = isOk
      ? verdict.value
      : (fault ?? (verdict?.ok === false ? verdict.error : "It did not begin."));
    const seconds = test === null ? 0 : (atMs - test.startedAtMs) / 1_000;
    const report = { ok: isOk, detail, test, atMs, seconds, region, mode };
    const moment = new Date(atMs).toISOString().replaceAll(":", "");
    const key = `reports/restore-tests/${moment}.json`;
    await deps.reports.write(key, new TextEncoder().encode(JSON.stringify(report)));
    const before = await records.load();
    await records.save({
      testedAtMs: atMs,
      succeededAtMs: isOk ? atMs : (before?.succeededAtMs ?? null),
      detail,
      accepted: before?.accepted ?? {},
    });
    const publish = alerts.publish({
      key: `restore-test-${region}`,
      action: isOk ? "resolve" : "trigger",
      severity: isOk ? "info" : "critical",
      summary: `The restore test ${isOk ? "succeeded" : "failed"}. ${detail}`.slice(0, SUMMARY_MAX),
      component: "verify-restore",
      mode,
      atMs,
      runbook: "restore-test-failed",
      isOfThisRegion: true,
    });
    await tolerateLoss(publish);
    return report;
  };
