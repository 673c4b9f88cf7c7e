import type { AuditRecord } from "../domain/audit/audit-record.ts";
import { type BackupFlaw, flawOf } from "../domain/backup/backup-flaw.ts";
import { type BackupLink, linkName } from "../domain/backup/backup-link.ts";
import type { FoldedFills } from "../domain/backup/check-positions.ts";
import { restoredCell } from "../domain/backup/restored-cell.ts";
import type { TableChange } from "../domain/backup/table-item.ts";
import { RetryableError } from "../domain/fault.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { ControlCell } from "../domain/risk/control-cell.ts";
import type { AuditHeads } from "../ports/audit-heads.ts";
import type { AuditRecords } from "../ports/audit-records.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { RestoreTarget } from "../ports/restore-target.ts";
import { createRebuildAuditHead, type HeadRebuilt } from "./audit/rebuild-audit-head.ts";
import { checkAnchor } from "./check-anchor.ts";
import { checkFolded, checkSessions, NOTHING_CHECKED } from "./check-restored.ts";
import { type PlannedFile, planFiles } from "./plan-files.ts";
import { readChainUntil, type ReadChainDeps } from "./read-chain.ts";

/** What a restore has come to so far, for who waits for it. */
export type RestoreProgress = {
  readonly step: "reading" | "checking" | "done";
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly items: number;
};

/** A ledger that was restored. */
export type RestoredLedger = {
  readonly table: string;
  /** The moment of which it is, epoch milliseconds. */
  readonly asOfMs: number;
  readonly links: number;
  readonly items: number;
  readonly orders: number;
  /** The epoch under which it begins. */
  readonly epoch: number;
  /** The audit's newest locked record, behind which it goes on; null where none was looked at. */
  readonly audit: AuditTakenUp | null;
};

/** How far the locked audit proves itself, and how many records stand behind its first flaw. */
type AuditTakenUp = { readonly sequence: number; readonly left: number };

/** What restoring needs. */
export type RestoreLedgerDeps = ReadChainDeps & {
  readonly target: RestoreTarget;
  readonly account: string;
  readonly region: string;
  /** The locked stores of the audit; without them its chain is neither checked nor taken up. */
  readonly auditRecords?: AuditRecords | undefined;
  /** Records the restore as the next one of the audit: what was sealed since is void by it. */
  readonly noteRestore?:
    | ((
        heads: AuditHeads,
        restored: { readonly asOfMs: number; readonly epoch: number },
      ) => Promise<Result<AuditRecord, { readonly detail: string }>>)
    | undefined;
  /**
   * It takes the lost ledger's place: that record is locked at once, so that nobody who still acts
   * on the lost one goes on with its chain. One that is only looked at must leave the chain alone.
   */
  readonly takesPlace?: boolean;
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
};

/** What is to be restored. */
export type RestoreWish = {
  /** The newest moment that may be in it, epoch milliseconds. */
  readonly atMs: number;
  /** The highest epoch that is known from elsewhere; 0 where none is. */
  readonly epochFloor: number;
  /** Shares held without a fill of ours, that a person has accepted. */
  readonly accepted: FoldedFills;
  /** The Region that is to trade; that of the backup where it is left out. */
  readonly region?: string | undefined;
};

/** Rebuilds a ledger from its backups. */
export type RestoreLedger = (wish: RestoreWish) => Promise<Result<RestoredLedger, BackupFlaw>>;

/**
 * Rebuilds the ledger into a new table, all of it or nothing: the chain is checked before the table
 * is made, each file as it is read, the meaning of the whole at the end; the first flaw takes the
 * table away again. A restore that is killed leaves a table without a cell, which is no ledger. The
 * account begins under a new epoch, with exits only, and reconciliation takes up what the broker
 * did since.
 */
export const createRestoreLedger =
  (deps: RestoreLedgerDeps): RestoreLedger =>
  async (wish) => {
    const links = await readChainUntil(deps, wish.atMs);
    if (!links.ok) return links;
    const plan = await planFiles(deps, links.value);
    if (!plan.ok) return plan;
    const created = await deps.target.create();
    if (!created.ok) return err(flawOf("refused", deps.target.name, created.error.detail));
    try {
      const restored = await rebuild(deps, wish, links.value, plan.value);
      if (restored.ok) {
        await deps.target.commit();
        return restored;
      }
      const left = await discard(deps.target);
      return err({ ...restored.error, detail: `${restored.error.detail}${left}` });
    } catch (error) {
      await discard(deps.target);
      throw error;
    }
  };

/** Takes the table away; what cannot be taken away is named, and hides nothing that went wrong. */
const discard = async (target: RestoreTarget): Promise<string> => {
  try {
    await target.discard();
    return "";
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return ` ${target.name} was not taken away, and is no ledger: it has no cell. ${error.message}`;
  }
};

const rebuild = async (
  deps: RestoreLedgerDeps,
  wish: RestoreWish,
  links: readonly BackupLink[],
  files: readonly PlannedFile[],
): Promise<Result<RestoredLedger, BackupFlaw>> => {
  const { backups, target, account, digest, onProgress } = deps;
  const partitions = new Set<string>();
  let items = 0;
  for (const [index, [kind, file]] of files.entries()) {
    onProgress?.({ step: "reading", filesDone: index, filesTotal: files.length, items });
    const changes = await backups.readFile(kind, file);
    if (!changes.ok) return changes;
    await target.apply(changes.value);
    items += changes.value.length;
    for (const change of changes.value) partitions.add(partitionOf(change));
  }
  onProgress?.({ step: "checking", filesDone: files.length, filesTotal: files.length, items });
  const { ledger, heads } = await target.open();
  const checking = { ledger, account, digest };
  const read = await checkSessions(checking, [...partitions], NOTHING_CHECKED, () => true);
  const flaws = [
    ...read.flaws,
    ...(await checkFolded(checking, read.check, wish.accepted)),
    ...(await checkAnchor({ heads, account, records: deps.auditRecords })),
  ];
  const [flaw] = flaws;
  if (flaw !== undefined) return err(flaw);
  const last = links.at(-1);
  if (last === undefined) return err(flawOf("missing", linkName(1), "There is no export."));
  const found = await loadCell(ledger, account);
  if (!found.ok) return found;
  const begun = await beginAnew(deps, heads, found.value, { ...wish, asOfMs: last.toMs });
  if (!begun.ok) return begun;
  const { fenced, audit } = begun.value;
  // The last write of all: before it the table has no cell, and nobody takes it for a ledger.
  const saved = await ledger.saveCell(fenced, found.value);
  if (!saved.ok) {
    return err(flawOf("refused", `cell#${account}`, "The restored cell was not written."));
  }
  onProgress?.({ step: "done", filesDone: files.length, filesTotal: files.length, items });
  return ok({
    table: target.name,
    asOfMs: last.toMs,
    links: links.length,
    items,
    orders: read.check.orders,
    epoch: fenced.epoch,
    audit: audit === undefined ? null : { sequence: audit.sequence, left: audit.left.length },
  });
};

/** So often somebody else may be faster with the next record; then he has to be stopped first. */
const RECORDS_TRIED_MAX = 3;

type Begun = { readonly fenced: ControlCell; readonly audit: HeadRebuilt | undefined };

/**
 * The audit went on behind the backup, in stores that nobody can change: its newest record becomes
 * the chain's end again, and no epoch that it tells of is used again. The restore is the record
 * behind it.
 */
const beginAnew = async (
  { auditRecords: records, account, region, digest, noteRestore, takesPlace }: RestoreLedgerDeps,
  heads: AuditHeads,
  cell: ControlCell,
  wish: RestoreWish & { readonly asOfMs: number },
): Promise<Result<Begun, BackupFlaw>> => {
  const file = `audit#${account}`;
  const settings = { account, region };
  for (let tries = 0; tries < RECORDS_TRIED_MAX; tries++) {
    const rebuild = records && createRebuildAuditHead({ heads, records, digest, settings });
    const audit = await rebuild?.();
    const epochFloor = Math.max(wish.epochFloor, audit?.epoch ?? 0);
    const fenced = restoredCell(cell, { ...wish, epochFloor });
    const { asOfMs } = wish;
    const noted = await noteRestore?.(heads, { asOfMs, epoch: fenced.epoch });
    if (noted?.ok === false) return err(flawOf("refused", file, noted.error.detail));
    if (noted === undefined || takesPlace !== true) return ok({ fenced, audit });
    // What only the other Region has locked, and has not copied yet, belongs here as well.
    const isTaken = await keepAll(records, [...(audit?.newest ?? []), noted.value]);
    if (!isTaken) return ok({ fenced, audit });
  }
  const detail = "Somebody still acts on the lost ledger and records it: halt it first.";
  return err(flawOf("refused", file, detail));
};

/** Locks these in their order, and says whether another record stands under one's number. */
const keepAll = async (
  records: AuditRecords | undefined,
  chain: readonly AuditRecord[],
): Promise<boolean> => {
  for (const record of chain) {
    const kept = await records?.keep(record);
    if (kept?.type === "taken") return true;
  }
  return false;
};

/** The partition of the item that a change is about. */
export const partitionOf = (change: TableChange): string => {
  const value = (change.type === "put" ? change.item : change.key)["partition"];
  return value !== undefined && "S" in value ? value.S : "";
};

/** The cell of the backup, which the fenced one ends every epoch of. */
const loadCell = async (
  ledger: Ledger,
  account: string,
): Promise<Result<ControlCell, BackupFlaw>> => {
  const loaded = await ledger.loadCell(account);
  if (loaded.ok && loaded.value !== undefined) return ok(loaded.value);
  // The account would be opened anew, and nothing would fence who still acts on the lost one.
  const detail = "The backup is from before the account was opened: it has no cell of it.";
  return err(flawOf("refused", `cell#${account}`, detail));
};
