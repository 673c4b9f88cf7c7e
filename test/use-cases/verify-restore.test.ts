import { describe, expect, it } from "vitest";
import { createOwnExports } from "../../shared/adapters/backup/own-exports.ts";
import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createMemoryBackupFiles } from "../../shared/adapters/memory/backup-files.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import { OWN_STORE_POLICY } from "../../shared/domain/backup/plan-backup.ts";
import { createBackUp } from "../../shared/use-cases/back-up.ts";
import { createVerifyRestore } from "../../shared/use-cases/verify-restore.ts";
import { cellOf, intentOf } from "../fixtures/orders.ts";
import { openAccount } from "./trading-account.ts";

/** An account that has traded between two exports, and the steps of a test over them. */
const openTest = async () => {
  const cell = cellOf();
  const account = await openAccount({ ...cell, limitsDigest: sha256(canonicalJson(cell.limits)) });
  const { clock } = account.deps;
  const files = createMemoryBackupFiles();
  const backups = createStoredBackups(files, "ledger");
  const exports = createOwnExports({ source: account.source, files, clock, table: "ledger" });
  const policy = OWN_STORE_POLICY;
  const backUp = createBackUp({ backups, exports, clock, policy, digest: sha256 });
  await backUp();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), { remainingMs: () => 30_000 });
  await account.reconcile();
  account.advance(1);
  await backUp({ isAsked: true });
  const target = createMemoryRestoreTarget({
    name: "test",
    isTrusted: false,
    commit: () => undefined,
  });
  const steps = createVerifyRestore({
    backups,
    digest: sha256,
    targetOf: () => target,
    live: account.ledger,
    clock,
    account: "main",
    accepted: {},
  });
  // A day is over: the next export is full, and of the very moment of the one before.
  const daily = { ...policy, reachesBack: true, fullEveryMs: 0 };
  const backUpDaily = createBackUp({ backups, exports, clock, policy: daily, digest: sha256 });
  return { steps, backUpDaily };
};

/** Says yes so many times. */
const timeFor = (asks: number): (() => boolean) => {
  let left = asks;
  return () => (left -= 1) >= 0;
};

/** What begins a slice, and its first file. */
const ONE_FILE = 2;
const SLICES_MAX = 10;

describe("a restore test in slices", () => {
  it("rebuilds the chain that it began with, whatever is exported between two slices", async () => {
    const { steps, backUpDaily } = await openTest();
    let test = await steps.begin("test");
    expect(test).toMatchObject({ phase: "load", links: 2 });
    expect(test.filesTotal).toBeGreaterThan(1);
    test = await steps.goOn(test, timeFor(ONE_FILE));
    expect(test).toMatchObject({ phase: "load", filesDone: 1 });
    expect(await backUpDaily()).toMatchObject({
      ok: true,
      value: { state: "linked", link: { kind: "full", toMs: test.asOfMs, number: 3 } },
    });
    for (let slice = 0; slice < SLICES_MAX && test.phase !== "done"; slice++) {
      test = await steps.goOn(test, timeFor(ONE_FILE));
    }
    expect(test).toMatchObject({ phase: "done", flaws: [], compared: 1, check: { orders: 1 } });
    expect(test.filesDone).toBe(test.filesTotal);
  });

  it("names the chain when the link that it began with is gone", async () => {
    const { steps } = await openTest();
    const test = { ...(await steps.begin("test")), lastLink: "another" };
    expect(await steps.goOn(test, timeFor(ONE_FILE))).toMatchObject({
      phase: "done",
      filesDone: 0,
      flaws: [{ type: "missing", file: "chain" }],
    });
  });
});
