import { join } from "node:path";
import { createOwnExports } from "../../shared/adapters/backup/own-exports.ts";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { createDirectoryBackupFiles } from "../../shared/adapters/host/backup-files.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createLockedFiles } from "../../shared/adapters/host/locked-files.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import type { Database } from "../../shared/adapters/sqlite/database.ts";
import { createSqliteTableSource } from "../../shared/adapters/sqlite/table-source.ts";
import { OWN_STORE_POLICY } from "../../shared/domain/backup/plan-backup.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import type { RestoreLedgerDeps } from "../../shared/use-cases/restore-ledger.ts";
import type { BackUpDeps } from "../../shared/use-cases/back-up.ts";

/** The table whose backups are kept: the ledger, wherever it lies. */
export const LEDGER_TABLE = "ledger";

/** Where a local world keeps its backups: beside its store, which may be lost without them. */
export const backupFilesOf = (statePath: string) =>
  createDirectoryBackupFiles(join(statePath, "backups"));

/** The audit's records of a local world, which outlive its store too. */
export const auditRecordsOf = (statePath: string, account: string): AuditRecords =>
  createStoredAuditRecords({ account, own: createLockedFiles(join(statePath, "locked")) });

/** The backups of a local world's ledger, and what exports them from its store. */
export const createWorldBackups = (
  statePath: string,
  store: Database,
  clock: Pick<Clock, "nowMs">,
): Pick<BackUpDeps, "backups" | "exports" | "policy"> => {
  const files = backupFilesOf(statePath);
  const source = createSqliteTableSource(store, clock);
  return {
    backups: createStoredBackups(files, LEDGER_TABLE),
    exports: createOwnExports({ source, files, clock, table: LEDGER_TABLE }),
    policy: OWN_STORE_POLICY,
  };
};

/** Records a restore in the restored ledger's audit, in the ledger's own time. */
export const noteRestoreOf =
  (account: string, region: string, clock: Clock): NonNullable<RestoreLedgerDeps["noteRestore"]> =>
  (heads, { asOfMs, epoch }) =>
    createRecordAudit({
      heads,
      clock,
      pause: createHostPause(),
      random: createHostRandom(),
      digest: sha256,
      settings: { account, region },
    }).record({ kind: "restore", actor: "operator", epoch, body: { asOfMs } });
