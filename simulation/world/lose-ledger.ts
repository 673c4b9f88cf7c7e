import { createOwnExports } from "../../shared/adapters/backup/own-exports.ts";
import { createMemoryRestoreTarget } from "../../shared/adapters/backup/recorded-items.ts";
import { createStoredBackups } from "../../shared/adapters/backup/stored-backups.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createMemoryBackupFiles } from "../../shared/adapters/memory/backup-files.ts";
import { OWN_STORE_POLICY } from "../../shared/domain/backup/plan-backup.ts";
import { createBackUp } from "../../shared/use-cases/back-up.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import { createRestoreLedger } from "../../shared/use-cases/restore-ledger.ts";
import { activeOf, durationMs, type Scene } from "./mishap.ts";
import { allAuditRecords } from "./verify-audit.ts";

type World = Scene["world"];

/** So long nothing can be written before a person restores; what was under way has arrived by then. */
const GONE_LEAST_MS = 6 * 60_000;
/** What the account may hold without a fill of ours, which a person would have to accept. */
const UNEXPLAINED = ["external-fill", "split", "corrupt-cell", "damaged-history"] as const;

/**
 * The table of the ledger is backed up, traded on, backed up again or not, and lost; a person
 * restores the newest chain into a new table and deploys the functions with its name.
 */
export const loseLedger = (world: World, draw: (about: string) => number): void => {
  const { engine, faults, ledger } = world;
  // With damage among its items, or shares that no fill explains, a restore is refused, as it says;
  // so is one without an account.
  if (UNEXPLAINED.some(faults.isEnabled)) return;
  const cell = world.view.cell();
  if (cell === undefined || cell === "damaged") return;
  const source = ledger.source();
  if (source === undefined) return;
  const files = createMemoryBackupFiles();
  const backups = createStoredBackups(files, "ledger");
  const exports = createOwnExports({ source, files, clock: engine, table: "ledger" });
  const policy = OWN_STORE_POLICY;
  const backUp = createBackUp({ backups, exports, clock: engine, policy, digest: sha256 });
  const exportNow = async (): Promise<void> => {
    const done = await backUp({ isAsked: true });
    if (!done.ok) throw new Error(`The backup failed: ${done.error.detail}`);
  };
  const at = (ms: number, act: () => Promise<void>): void => {
    engine.after(ms, () => engine.hold(act()));
  };
  const againMs = durationMs(draw("again"), 8);
  const lostMs = againMs + durationMs(draw("lost"), 6);
  // A moment behind whatever was written last.
  at(1, exportNow);
  if (draw("how often") < 0.5) at(againMs, exportNow);
  engine.after(lostMs, () => {
    const untilMs = engine.nowMs() + GONE_LEAST_MS + durationMs(draw("restored"), 3);
    ledger.lose();
    world.observe({ type: "outageBegan", of: "ledger", untilMs });
    engine.at(untilMs, () => engine.hold(restore(world, backups)));
  });
};

const restore = async (
  world: World,
  backups: ReturnType<typeof createStoredBackups>,
): Promise<void> => {
  const { view, ledger, engine, observe, regions } = world;
  const { account } = view.settings;
  let done: Promise<void> | undefined;
  const target = createMemoryRestoreTarget({
    name: "ledger",
    isTrusted: false,
    commit: (store) => {
      done = ledger.replace(store);
    },
  });
  const { name: region } = activeOf(world);
  const restoreLedger = createRestoreLedger({
    backups,
    target,
    account,
    region,
    digest: sha256,
    auditRecords: allAuditRecords(world.locked, region, account),
    takesPlace: true,
    noteRestore: (heads, { asOfMs, epoch }) =>
      createRecordAudit({
        heads,
        clock: { nowMs: engine.nowMs, monotonicMs: engine.nowMs },
        pause: { wait: async () => undefined },
        random: { next: () => 0.5 },
        digest: sha256,
        settings: { account, region },
      }).record({ kind: "restore", actor: "operator", epoch, body: { asOfMs } }),
  });
  const wish = { atMs: engine.nowMs(), epochFloor: 0, accepted: {} };
  const restored = await restoreLedger(wish);
  if (!restored.ok) {
    observe({ type: "restoreRefused", detail: restored.error.detail });
    return;
  }
  await done;
  for (const each of regions) each.recycle();
  const cell = view.cell();
  const { asOfMs } = restored.value;
  observe({ type: "ledgerRestored", asOfMs, cell: cell === "damaged" ? undefined : cell });
  await world.verifyAudit();
};
