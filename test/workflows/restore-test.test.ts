import { describe, expect, it } from "vitest";
import { createHandler } from "../../lambdas/verify-restore/handler.ts";
import { testTableOf } from "../../lambdas/verify-restore/table-name.ts";
import { createWorkflow } from "../../local/world/run-workflow.ts";
import { createOwnExports } from "../../shared/adapters/backup/own-exports.ts";
import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createMemoryBackupFiles } from "../../shared/adapters/memory/backup-files.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredBackupRecords } from "../../shared/adapters/stored/backup-records.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import { OWN_STORE_POLICY } from "../../shared/domain/backup/plan-backup.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import type { BackupFiles } from "../../shared/ports/backup-files.ts";
import type { RestoreTarget } from "../../shared/ports/restore-target.ts";
import { silentLog } from "../../shared/runtime/log.ts";
import { noMetrics } from "../../shared/runtime/metrics.ts";
import { createBackUp } from "../../shared/use-cases/back-up.ts";
import { cellOf, intentOf, REGION } from "../fixtures/orders.ts";
import { openAccount, settings, type TradingAccount } from "../use-cases/trading-account.ts";

const DEFINITION = new URL("../../lib/workflows/restore-test.asl.json", import.meta.url);
const SLOT = "2026-03-10T06:30:00Z";

type Change = {
  readonly damage?: (key: string, body: Uint8Array) => Uint8Array | undefined;
  readonly breakTarget?: (target: RestoreTarget) => RestoreTarget;
};

/** An account that has traded and is backed up twice, and the deployed workflow over it. */
const openTest = async (change: Change = {}) => {
  const cell = cellOf();
  const limitsDigest = sha256(canonicalJson(cell.limits));
  const account = await openAccount({ ...cell, limitsDigest });
  const { clock } = account.deps;
  const files = createMemoryBackupFiles();
  const exports = createOwnExports({ source: account.source, files, clock, table: "ledger" });
  const made = createStoredBackups(files, "ledger");
  const backUp = createBackUp({
    backups: made,
    exports,
    clock,
    policy: OWN_STORE_POLICY,
    digest: sha256,
  });
  await backUp();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), { remainingMs: () => 30_000 });
  await account.reconcile();
  account.advance(1);
  await backUp({ isAsked: true });
  const shown: BackupFiles = {
    ...files,
    read: async (key) => {
      const body = await files.read(key);
      return body === undefined ? undefined : (change.damage ?? ((_key, each) => each))(key, body);
    },
  };
  const tables = new Map<string, RestoreTarget>();
  const records = createStoredBackupRecords(createMemoryItemStore(), { region: REGION });
  const targetOf = (name: string): RestoreTarget => {
    const known = tables.get(name);
    if (known !== undefined) return known;
    const blank = createMemoryRestoreTarget({ name, isTrusted: false, commit: () => undefined });
    const target = (change.breakTarget ?? ((each) => each))(blank);
    const watched: RestoreTarget = {
      ...target,
      discard: async () => {
        tables.delete(name);
      },
    };
    tables.set(name, watched);
    return watched;
  };
  const handler = createHandler(
    {
      backups: createStoredBackups(shown, "ledger"),
      digest: sha256,
      targetOf,
      live: account.ledger,
      clock,
      reports: files,
      records,
      alerts: account.deps.alerts,
      settings,
    },
    { log: silentLog, metrics: noMetrics, clock },
  );
  const context = {
    awsRequestId: "test",
    getRemainingTimeInMillis: () => 300_000,
  };
  const run = createWorkflow(DEFINITION, {
    VerifyRestore: (event) => handler(event, context),
  });
  return {
    account,
    files,
    records,
    tables,
    run: () => run({ slot: SLOT }),
    reports: async () => {
      const keys = await files.list("reports/", 10);
      const bodies = await Promise.all(keys.map((key) => files.read(key)));
      return bodies.map((body) => JSON.parse(Buffer.from(body ?? []).toString()) as object);
    },
  };
};

describe("the restore-test workflow, as it is deployed", () => {
  it("rebuilds, checks, compares, reports and takes its table away", async () => {
    const test = await openTest();
    expect(await test.run()).toMatchObject({ ok: true });
    expect(test.tables.size).toBe(0);
    expect(await test.reports()).toMatchObject([
      { ok: true, region: REGION, test: { compared: 1, links: 2, flaws: [], phase: "done" } },
    ]);
    expect(await test.records.load()).toMatchObject({ succeededAtMs: test.account.nowMs() });
    expect(test.account.alerts.at(-1)).toMatchObject({ action: "resolve" });
  });

  it("takes away what the night before left when it ran out of time, and nothing else", async () => {
    const test = await openTest();
    const leave = (slot: string): void => {
      const name = testTableOf(slot);
      const target = createMemoryRestoreTarget({
        name,
        isTrusted: false,
        commit: () => undefined,
      });
      const discard = async () => void test.tables.delete(name);
      test.tables.set(name, { ...target, discard });
    };
    leave("2026-03-09T06:30:00Z");
    leave("2026-03-09T12:00:00Z");
    expect(await test.run()).toMatchObject({ ok: true });
    expect([...test.tables.keys()]).toEqual([testTableOf("2026-03-09T12:00:00Z")]);
  });

  it("gives itself up after two hours, reports it and takes its table away", async () => {
    let slow: TradingAccount | undefined;
    const test = await openTest({
      breakTarget: (target) => ({
        ...target,
        apply: (changes) => {
          slow?.advance(2 * 3_600_000);
          return target.apply(changes);
        },
      }),
    });
    slow = test.account;
    await expect(test.run()).rejects.toThrow(/RestoreTestFailed|report says why/);
    expect(test.tables.size).toBe(0);
    expect(await test.reports()).toMatchObject([
      { ok: false, detail: expect.stringContaining("given up after two hours") as string },
    ]);
  });

  it("fails by the name of a file in which one byte is changed, and still cleans up", async () => {
    let damaged = "";
    const test = await openTest({
      damage: (key, body) => {
        if (!key.includes("/data/")) return body;
        damaged = key;
        return Uint8Array.from(body, (byte, index) => (index === 20 ? byte ^ 1 : byte));
      },
    });
    await expect(test.run()).rejects.toThrow(/RestoreTestFailed|report says why/);
    expect(test.tables.size).toBe(0);
    expect(await test.reports()).toMatchObject([
      { ok: false, detail: `The file ${damaged} is not what was exported.` },
    ]);
    expect(await test.records.load()).toMatchObject({ succeededAtMs: null });
    const alert = test.account.alerts.at(-1);
    expect(alert).toMatchObject({ severity: "critical", runbook: "restore-test-failed" });
  });

  it("names what the live ledger has lost of what was backed up", async () => {
    const test = await openTest();
    test.account.moveTo({ ...createMemoryItemStore(), isTrusted: false });
    await expect(test.run()).rejects.toThrow(/./);
    expect(await test.reports()).toMatchObject([
      {
        ok: false,
        detail: expect.stringContaining("does not begin as the restored one") as string,
      },
    ]);
  });

  it("reports a test that breaks like one that fails, and cleans up", async () => {
    const test = await openTest({
      breakTarget: (target) => ({
        ...target,
        open: async () => {
          throw new TypeError("A bug.");
        },
      }),
    });
    await expect(test.run()).rejects.toThrow(/./);
    expect(test.tables.size).toBe(0);
    const [report] = await test.reports();
    expect(report).toMatchObject({ ok: false, test: null });
  });

  it("accepts what a person accepted to be held without a fill of ours, and nothing more", async () => {
    const test = await openTest();
    const held = { testedAtMs: 0, succeededAtMs: null, detail: "", accepted: { IBM: 1 } };
    await test.records.save(held);
    await expect(test.run()).rejects.toThrow(/./);
    expect(await test.reports()).toMatchObject([
      { detail: expect.stringContaining("The fills of IBM") as string },
    ]);
    expect(test.account.position()).toBe(shares(2));
  });
});
