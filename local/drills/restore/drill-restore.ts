import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStoredBackups } from "../../../shared/adapters/backup/stored-backups.ts";
import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { createSqliteRestoreTarget } from "../../../shared/adapters/sqlite/restore-target.ts";
import { parseClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import { finishRestoredBy, verifyAudit } from "./ask-world.ts";
import type { Configuration } from "../../../shared/runtime/configuration-schema.ts";
import { createRestoreLedger } from "../../../shared/use-cases/restore-ledger.ts";
import {
  auditRecordsOf,
  backupFilesOf,
  LEDGER_TABLE,
  noteRestoreOf,
} from "../../world/world-backups.ts";
import { readWorldFile } from "../../world/world-file.ts";
import { ownOrders } from "../compare-ledger.ts";
import { busyConfiguration, drillSettings } from "../drill-settings.ts";
import { DrillFault, type DrillWorld, startDrillWorld } from "../drill-world.ts";
import { auditOrders } from "../kills/audit-orders.ts";
import { loadCell, settleWorld, type Settled } from "../settle-world.ts";
import { requireGoing, unlessStopped } from "../unless-stopped.ts";
import { waitUntil } from "../wait-until.ts";
import { tradeAndDie } from "./trade-and-die.ts";

/** What a world was like that had lost its store and was given it back. */
export type RestoreDrill = {
  readonly mode: "sim";
  readonly seed: number;
  readonly speed: number;
  /** What the backups held, and how long bringing it back took, in the host's seconds. */
  readonly itemsRestored: number;
  readonly ordersRestored: number;
  readonly exports: number;
  readonly restoreSeconds: number;
  /** The world's seconds between the last export and the kill: what was lost. */
  readonly secondsLost: number;
  /** Orders at the broker that the restored ledger did not know, and those it still does not. */
  readonly ordersLost: number;
  readonly ordersStillLost: number;
  /** The epoch went up, and nothing but exits was sent before people resumed. */
  readonly isFenced: boolean;
  readonly entriesBeforeResume: number;
  /** Whether entries were sent once two principals had resumed. */
  readonly tradesAgain: boolean;
  readonly ordersSent: number;
  readonly duplicates: number;
  readonly unguarded: number;
  /** What the audit's chain shows to be wrong, a sentence each. */
  readonly auditFlaws: readonly string[];
  readonly ok: boolean;
} & Settled;

/** What is killed, and who wants to hear how far it is. */
export type RestoreDrillOptions = {
  readonly configuration: Configuration;
  /** The words that start the CLI: the program and what stands before the verb. */
  readonly command: readonly [string, ...string[]];
  readonly seed: number;
  readonly speed: number;
  readonly stopped: AbortSignal;
  readonly onStep?: (step: string) => void;
};

/** The world's time in which orders have to be sent again after two principals resumed. */
const RESUME_MAX_MS = 10 * 60_000;
const STORE_FILES = ["holdfast.db", "holdfast.db-wal", "holdfast.db-shm"];

/**
 * A world trades as a process of its own, is backed up, trades on, and is killed; its store is
 * taken away and restored from the backups; then it settles with the exchange, which has forgotten
 * nothing, and goes on once two principals say so. `undefined` if it was stopped: half of it
 * measures nothing.
 */
export const drillRestore = (options: RestoreDrillOptions): Promise<RestoreDrill | undefined> =>
  unlessStopped(options.stopped, () => loseAndRestore(options));

const loseAndRestore = async (options: RestoreDrillOptions): Promise<RestoreDrill> => {
  const { configuration, seed, speed, stopped } = options;
  const directory = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
  const say = options.onStep ?? (() => undefined);
  try {
    const file = join(directory, "holdfast.yaml");
    writeFileSync(file, JSON.stringify(busyConfiguration(configuration)));
    say("It trades, is backed up, trades on, and is killed.");
    await tradeAndDie(options, { directory, file });
    requireGoing(stopped);
    const lost = join(directory, "lost");
    mkdirSync(lost);
    for (const name of STORE_FILES) moveIfThere(join(directory, name), join(lost, name));
    say("Its store is gone. The ledger is restored.");
    const settings = drillSettings(configuration);
    const restored = await restore(directory, settings.account);
    const record = readWorldFile(join(directory, "world.json"));
    const diedAtMs = record.ok ? (record.value?.timeMs ?? 0) : 0;
    const world = await startDrillWorld({ settings, directory, seed, speed });
    try {
      say("It runs again, and takes up what the backup did not know.");
      const measured = await watch(world, { account: settings.account, stopped });
      const { items: itemsRestored, orders: ordersRestored, links, seconds, asOfMs } = restored;
      const drill = {
        mode: "sim",
        seed,
        speed,
        itemsRestored,
        ordersRestored,
        exports: links,
        restoreSeconds: seconds,
        secondsLost: Math.max(0, Math.round((diedAtMs - asOfMs) / 1_000)),
        ...measured,
      } as const;
      return { ...drill, ok: isOk(drill) };
    } finally {
      await world.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const moveIfThere = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch {
    // A killed process need not leave every side file.
  }
};

const restore = async (directory: string, account: string) => {
  const host = createHostClock();
  const record = readWorldFile(join(directory, "world.json"));
  const worldMs = record.ok ? (record.value?.timeMs ?? 0) : 0;
  const clock = { ...host, nowMs: () => worldMs };
  const startedAtMs = host.monotonicMs();
  const restored = await createRestoreLedger({
    backups: createStoredBackups(backupFilesOf(directory), LEDGER_TABLE),
    target: createSqliteRestoreTarget(join(directory, "holdfast.db"), "holdfast", clock),
    account,
    region: "local",
    auditRecords: auditRecordsOf(directory, account),
    noteRestore: noteRestoreOf(account, "local", clock),
    takesPlace: true,
    digest: sha256,
  })({ atMs: Number.MAX_SAFE_INTEGER, epochFloor: 0, accepted: {} });
  if (!restored.ok) throw new DrillFault(`Nothing was restored. ${restored.error.detail}`);
  const seconds = Math.round(host.monotonicMs() - startedAtMs) / 1_000;
  return { ...restored.value, seconds };
};

/** From the first moment of the restored world until it has traded again. */
const watch = async (
  world: DrillWorld,
  { account, stopped }: { readonly account: string; readonly stopped: AbortSignal },
) => {
  const atStart = ownOrders(world.exchange);
  const { epoch } = await loadCell(world, account);
  const ordersLost = await countRecovered(world, atStart);
  const settled = await settleWorld(world, { account, leastMs: 0, stopped });
  const entriesBeforeResume = entriesSince(world, atStart.length);
  const sentBefore = ownOrders(world.exchange).length;
  await finishRestoredBy(world);
  const tradesAgain = await waitUntil(world, {
    untilMs: world.nowMs() + RESUME_MAX_MS,
    stopped,
    isThere: () => entriesSince(world, sentBefore) > 0,
  });
  const again = await settleWorld(world, { account, leastMs: 0, stopped });
  const audit = await auditOrders(world, account);
  return {
    ...audit,
    ...again,
    secondsToSettle: settled.secondsToSettle,
    ordersLost,
    ordersStillLost: await countMissing(world, atStart),
    isFenced: epoch > 1_000,
    entriesBeforeResume,
    tradesAgain,
    auditFlaws: await verifyAudit(world),
  };
};

type Orders = ReturnType<typeof ownOrders>;

const entriesSince = ({ exchange }: DrillWorld, count: number): number =>
  ownOrders(exchange)
    .slice(count)
    .filter(({ clientOrderId }) => clientOrderId.includes("_entry_")).length;

/** Orders whose history begins with what a restore found at the broker. */
const countRecovered = async (world: DrillWorld, orders: Orders): Promise<number> => {
  let count = 0;
  for (const { clientOrderId } of orders) {
    const id = parseClientOrderId(clientOrderId);
    const events = id === undefined ? undefined : await world.ledger.loadEvents(id);
    const [first] = events?.ok === true ? events.value : [];
    if (first === undefined || first.type !== "intentRecorded" || first.recordedBy === "restore") {
      count += 1;
    }
  }
  return count;
};

/** Orders of the exchange without a history. */
const countMissing = async (world: DrillWorld, orders: Orders): Promise<number> => {
  let count = 0;
  for (const { clientOrderId } of orders) {
    const id = parseClientOrderId(clientOrderId);
    const events = id === undefined ? undefined : await world.ledger.loadEvents(id);
    if (events?.ok !== true || events.value.length === 0) count += 1;
  }
  return count;
};

const isOk = (drill: Omit<RestoreDrill, "ok">): boolean =>
  drill.itemsRestored > 0 &&
  drill.ordersLost > 0 &&
  drill.ordersStillLost === 0 &&
  drill.isFenced &&
  drill.entriesBeforeResume === 0 &&
  drill.tradesAgain &&
  drill.duplicates === 0 &&
  drill.unguarded === 0 &&
  drill.auditFlaws.length === 0 &&
  drill.unknownLeft === 0 &&
  drill.ledgerEqualsBroker;
