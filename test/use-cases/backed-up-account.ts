import fc from "fast-check";
import { createOwnExports } from "../../shared/adapters/backup/own-exports.ts";
import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createMemoryBackupFiles } from "../../shared/adapters/memory/backup-files.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { BackupFlaw } from "../../shared/domain/backup/backup-flaw.ts";
import { OWN_STORE_POLICY } from "../../shared/domain/backup/plan-backup.ts";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import { QUIET_WINDOW_MS } from "../../shared/domain/reconciliation/settle-claims.ts";
import type { Result } from "../../shared/domain/result.ts";
import type { BackupFiles } from "../../shared/ports/backup-files.ts";
import { type BackedUp, createBackUp } from "../../shared/use-cases/back-up.ts";
import { createRestoreLedger, type RestoredLedger } from "../../shared/use-cases/restore-ledger.ts";
import { cellOf, intentOf, REGION } from "../fixtures/orders.ts";
import { openAccount, runOnce, type TradingAccount } from "./trading-account.ts";
import { anySubmission } from "./any-submission.ts";

/** Later than every backup of these tests. */
export const FAR_MS = 4e12;
/** What the account enters, and how it leaves. */
export const ENTRY = intentOf();
export const EXIT = intentOf({ side: "sell", purpose: "exit" });

const UNHURRIED = { remainingMs: () => 30_000 };

/** The value, or a failed test. */
export const must = <Value, Refusal>(result: Result<Value, Refusal>): Value => {
  if (result.ok) return result.value;
  throw new Error(`It was refused: ${JSON.stringify(result.error)}`);
};

/** An account, and the backups of its ledger. */
export type BackedUpAccount = {
  readonly account: TradingAccount;
  readonly files: BackupFiles;
  readonly backUp: () => Promise<BackedUp>;
  /** The newest backup takes the ledger's place. */
  readonly restore: (
    from?: BackupFiles,
    atMs?: number,
  ) => Promise<Result<RestoredLedger, BackupFlaw>>;
};

/** An account whose ledger is backed up into memory. */
export const openBackedUp = async (): Promise<BackedUpAccount> => {
  const cell = cellOf();
  const account = await openAccount({ ...cell, limitsDigest: sha256(canonicalJson(cell.limits)) });
  const clock = account.deps.clock;
  const files = createMemoryBackupFiles();
  const backups = createStoredBackups(files, "ledger");
  const exports = createOwnExports({ source: account.source, files, clock, table: "ledger" });
  const deps = { backups, exports, clock, policy: OWN_STORE_POLICY, digest: sha256 };
  const backUp = createBackUp(deps);
  return {
    account,
    files,
    backUp: async () => {
      account.advance(1);
      return must(await backUp({ isAsked: true }));
    },
    restore: (from: BackupFiles = files, atMs = FAR_MS) => restoreFrom(account, from, atMs),
  };
};

/** Rebuilds what the files say, and puts it in the place of the account's ledger. */
export const restoreFrom = (
  account: TradingAccount,
  files: BackupFiles,
  atMs: number,
): Promise<Result<RestoredLedger, BackupFlaw>> => {
  const target = createMemoryRestoreTarget({
    name: "ledger",
    isTrusted: false,
    commit: (store: ItemStore) => account.moveTo(store),
  });
  const backups = createStoredBackups(files, "ledger");
  const deps = { backups, target, account: "main", region: REGION, digest: sha256 };
  return createRestoreLedger(deps)({ atMs, epochFloor: 0, accepted: {} });
};

const killAt = fc.option(fc.nat(30));
/** What may happen to an account, with a kill at any moment of it. */
export const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ deliver: anySubmission, killAt }) },
  { weight: 3, arbitrary: fc.record({ exit: anySubmission, killAt }) },
  { weight: 3, arbitrary: fc.record({ reconcileKillAt: killAt }) },
  { weight: 2, arbitrary: fc.record({ waitMs: fc.constantFrom(500, 5_000, QUIET_WINDOW_MS) }) },
  { weight: 1, arbitrary: fc.record({ fill: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ stopOut: fc.constant(true) }) },
);
/** One of these happenings. */
export type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

/** Lets it happen. */
export const happen = async (account: TradingAccount, next: Happening): Promise<void> => {
  const validUntilMs = account.nowMs() + 3_600_000;
  if ("deliver" in next) {
    account.plan(next.deliver);
    account.killAtCall(next.killAt === null ? undefined : next.killAt + 1);
    await runOnce(() => account.execute({ ...ENTRY, validUntilMs }, UNHURRIED));
  } else if ("exit" in next) {
    account.plan(next.exit);
    account.killAtCall(next.killAt === null ? undefined : next.killAt + 1);
    await runOnce(() => account.execute({ ...EXIT, validUntilMs }, UNHURRIED));
  } else if ("reconcileKillAt" in next) {
    account.killAtCall(next.reconcileKillAt === null ? undefined : next.reconcileKillAt + 1);
    await runOnce(() => account.reconcile());
  } else if ("waitMs" in next) account.advance(next.waitMs);
  else if ("stopOut" in next) account.stopOut(ENTRY.clientOrderId);
  else {
    account.fill(ENTRY.clientOrderId);
    account.fill(EXIT.clientOrderId);
  }
  account.killAtCall(undefined);
};
