import { describe, expect, it } from "vitest";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createMemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryBackupFiles } from "../../shared/adapters/memory/backup-files.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredBackupRecords } from "../../shared/adapters/stored/backup-records.ts";
import { ARCHIVE_POLICY, DYNAMODB_POLICY } from "../../shared/domain/backup/plan-backup.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Alert } from "../../shared/ports/alerts.ts";
import type { ExportWish } from "../../shared/ports/table-exports.ts";
import type { BackupRecords } from "../../shared/ports/backup-records.ts";
import { createKeepBackups } from "../../shared/use-cases/keep-backups.ts";
import { REGION } from "../fixtures/orders.ts";
import { settings } from "./trading-account.ts";

const START_MS = Date.UTC(2026, 2, 10, 14);
const MINUTE_MS = 60_000;

/** A Region whose first export of the ledger never ends. */
const NEVER_ENDING = {
  backups: createStoredBackups(createMemoryBackupFiles(), "ledger"),
  exports: {
    tableId: async () => "table",
    start: async () => ok("export"),
    find: async () => ({ type: "running" }) as const,
  },
  policy: DYNAMODB_POLICY,
  digest: sha256,
  clock: { nowMs: () => START_MS },
  records: createStoredBackupRecords(createMemoryItemStore(), { region: REGION }),
  settings,
};

/** A new Region, whose first export never ends. */
const openRegion = (change: Partial<BackupRecords> = {}) => {
  let nowMs = START_MS;
  const stored = createStoredBackupRecords(createMemoryItemStore(), { region: REGION });
  const records = { ...stored, ...change };
  const keep = createKeepBackups({
    backups: createStoredBackups(createMemoryBackupFiles(), "ledger"),
    exports: {
      tableId: async () => "table",
      start: async () => ok("export"),
      find: async () => ({ type: "running" }),
    },
    policy: DYNAMODB_POLICY,
    digest: sha256,
    clock: { nowMs: () => nowMs },
    records,
    alerts: createMemoryAlerts(),
    settings,
  });
  return {
    records,
    lookAfter: async (minutes: number) => {
      nowMs = START_MS + minutes * MINUTE_MS;
      const { backupAgeMinutes, testAgeMinutes } = await keep();
      return [backupAgeMinutes, testAgeMinutes];
    },
  };
};

describe("the ages of a new Region's backups", () => {
  it("count from the first look, so that nothing rings at once and what never comes does", async () => {
    const { lookAfter } = openRegion();
    expect(await lookAfter(0)).toEqual([0, 0]);
    expect(await lookAfter(1)).toEqual([1, 1]);
    expect(await lookAfter(1_700)).toEqual([1_700, 1_700]);
  });

  it("count from the test that succeeded as soon as there is one", async () => {
    const { lookAfter, records } = openRegion();
    await lookAfter(0);
    const succeededAtMs = START_MS + 500 * MINUTE_MS;
    await records.save({ testedAtMs: succeededAtMs, succeededAtMs, detail: "Well.", accepted: {} });
    expect(await lookAfter(510)).toEqual([510, 10]);
  });

  it("are not known while the record of the first look is not", async () => {
    const { lookAfter } = openRegion({
      firstLook: async () => {
        throw new RetryableError("Telemetry does not answer.");
      },
    });
    expect(await lookAfter(10)).toEqual([null, null]);
  });
});

/** A store whose first exports fail, so many; the others never end. */
const openFailing = (failing: number) => {
  const alerts: Alert[] = [];
  const started: number[] = [];
  const keep = createKeepBackups({
    backups: createStoredBackups(createMemoryBackupFiles(), "ledger"),
    exports: {
      tableId: async () => "table",
      start: async (_wish, attempt) => {
        started.push(attempt);
        return ok(`export-${attempt}`);
      },
      find: async (name) =>
        Number(name.slice(-1)) < failing
          ? { type: "failed", detail: "The key was disabled." }
          : { type: "running" },
    },
    policy: DYNAMODB_POLICY,
    digest: sha256,
    clock: { nowMs: () => START_MS },
    records: createStoredBackupRecords(createMemoryItemStore(), { region: REGION }),
    alerts: { publish: async (alert) => void alerts.push(alert) },
    settings,
  });
  return { keep, alerts, started };
};

describe("an export that fails", () => {
  it("is told of at once, with its reason, and asked for again in the same look", async () => {
    const { keep, alerts, started } = openFailing(1);
    const detail = expect.stringContaining("1 of 5 full exports failed: The key was disabled.");
    expect(await keep()).toMatchObject({ state: "failed", detail });
    expect(started).toEqual([0, 1]);
    expect(alerts).toMatchObject([{ action: "trigger", severity: "error" }]);
  });

  it("is not asked for again for ever", async () => {
    const { keep, started } = openFailing(9);
    expect(await keep()).toMatchObject({ state: "failed" });
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  it("is not one as long as it is under way", async () => {
    const { keep, alerts } = openFailing(0);
    expect(await keep()).toMatchObject({ state: "running" });
    expect(alerts).toEqual([]);
  });
});

/** A Region whose archive fails, or cannot be asked for. */
const openArchive = (archivedFails: boolean) => {
  const alerts: Alert[] = [];
  const wishes: ExportWish[] = [];
  const keep = createKeepBackups({
    ...NEVER_ENDING,
    archived: {
      backups: createStoredBackups(createMemoryBackupFiles(), "telemetry"),
      exports: {
        tableId: async () => "telemetry",
        start: async (wish) => {
          wishes.push(wish);
          if (archivedFails) throw new RetryableError("DynamoDB does not answer.");
          return ok("export");
        },
        find: async () => ({ type: "failed", detail: "The bucket is gone." }),
      },
      policy: ARCHIVE_POLICY,
    },
    alerts: { publish: async (alert) => void alerts.push(alert) },
  });
  return { keep, alerts, wishes };
};

describe("the archive of what was seen", () => {
  it("is exported as of the last midnight, and told of by its own name where that fails", async () => {
    const { keep, alerts, wishes } = openArchive(false);
    expect(await keep()).toMatchObject({ state: "running" });
    const midnightMs = Date.UTC(2026, 2, 10);
    expect(wishes[0]).toEqual({ kind: "full", fromMs: midnightMs, toMs: midnightMs });
    expect(alerts).toMatchObject([
      {
        key: `backup-${REGION}-telemetry`,
        action: "trigger",
        summary: expect.stringMatching(/^No backup of telemetry/) as string,
      },
    ]);
  });

  it("keeps nobody from backing the ledger up", async () => {
    const { keep } = openArchive(true);
    expect(await keep()).toMatchObject({ state: "running", backupAgeMinutes: 0 });
  });
});
