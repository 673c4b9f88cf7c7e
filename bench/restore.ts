import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOwnExports } from "../shared/adapters/backup/own-exports.ts";
import { createStoredBackups } from "../shared/adapters/backup/stored-backups.ts";
import { createHostClock } from "../shared/adapters/host/clock.ts";
import { sha256 } from "../shared/adapters/host/digest.ts";
import { createMemoryBackupFiles } from "../shared/adapters/memory/backup-files.ts";
import { createSqliteRestoreTarget } from "../shared/adapters/sqlite/restore-target.ts";
import { OWN_STORE_POLICY } from "../shared/domain/backup/plan-backup.ts";
import { createBackUp } from "../shared/use-cases/back-up.ts";
import { createRestoreLedger } from "../shared/use-cases/restore-ledger.ts";
import { type Benchmark, NotMeasurable } from "./benchmark.ts";
import { RESTORE_ACCOUNT, tradedLedger } from "./traded-ledger.ts";

/**
 * Of a year: so many sessions, each with as many orders as the default limits let enter and leave.
 */
const SESSIONS_MEASURED = 4;
const SESSIONS_A_YEAR = 252;
const ORDERS_A_SESSION = 400;
const YEAR_SECONDS_MAX = 1_800;

/** Restores a chain and says how many seconds it took, the check of its meaning included. */
const restoreChain = async (
  sessions: number,
): Promise<{ readonly items: number; readonly seconds: number }> => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  const clock = createHostClock();
  try {
    const files = createMemoryBackupFiles();
    const backups = createStoredBackups(files, "ledger");
    const ledger = await tradedLedger(clock, sessions, ORDERS_A_SESSION, async (source) => {
      const exports = createOwnExports({ source, files, clock, table: "ledger" });
      const deps = { backups, exports, clock, policy: OWN_STORE_POLICY, digest: sha256 };
      const made = await createBackUp(deps)({ isAsked: true });
      if (!made.ok) throw new NotMeasurable(made.error.detail);
    });
    const target = createSqliteRestoreTarget(join(directory, "holdfast.db"), "bench", clock);
    const startedAtMs = clock.monotonicMs();
    const restored = await createRestoreLedger({
      backups,
      target,
      account: RESTORE_ACCOUNT,
      region: "local",
      digest: sha256,
    })({ atMs: Number.MAX_SAFE_INTEGER, epochFloor: 0, accepted: {} });
    if (!restored.ok) throw new NotMeasurable(restored.error.detail);
    if (restored.value.orders !== ledger.orders) throw new NotMeasurable("Orders are missing.");
    return { items: restored.value.items, seconds: (clock.monotonicMs() - startedAtMs) / 1_000 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Items of a chain that are restored in a second, read, rebuilt and checked. */
export const restoreRate: Benchmark = {
  name: "restore",
  unit: "items/s",
  goal: {
    direction: "atLeast",
    value: Math.ceil((SESSIONS_A_YEAR * ORDERS_A_SESSION * 3) / YEAR_SECONDS_MAX),
  },
  measure: async () => {
    const { items, seconds } = await restoreChain(SESSIONS_MEASURED);
    return { ours: Math.round(items / seconds) };
  },
};

/** Seconds that restoring a year of trading takes, from two chains and how the time grows. */
export const restoreYear: Benchmark = {
  name: "restore-year",
  unit: "s",
  goal: { direction: "atMost", value: YEAR_SECONDS_MAX },
  measure: async () => {
    const short = await restoreChain(SESSIONS_MEASURED);
    const long = await restoreChain(2 * SESSIONS_MEASURED);
    // Where twice the chain takes more than twice the time, a year takes that much more again.
    const growth = Math.max(1, Math.log2(long.seconds / short.seconds));
    const factor = (SESSIONS_A_YEAR / (2 * SESSIONS_MEASURED)) ** growth;
    return { ours: Math.round(long.seconds * factor) };
  },
};
