import { type BackupFlaw, flawOf } from "../domain/backup/backup-flaw.ts";
import { type BackupLink, linkName, sealLink } from "../domain/backup/backup-link.ts";
import { type BackupPolicy, type ChainEnd, planBackup } from "../domain/backup/plan-backup.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExportWish, TableExports } from "../ports/table-exports.ts";
import { readChainEnd, type ReadChainDeps } from "./read-chain.ts";

/** What one look came to. */
export type BackedUp = {
  /**
   * `linked`: an export is done and part of the chain. `running`: the store is at work on one.
   * `waiting`: nothing is due, or can be exported yet. `failed`: the store could not, and was
   * asked again, unless it has failed as often as it is asked.
   */
  readonly state: "linked" | "running" | "waiting" | "failed";
  /** One sentence. */
  readonly detail: string;
  readonly link: BackupLink | null;
  /** Up to when the table is backed up, epoch milliseconds; null while it never was. */
  readonly backedUpToMs: number | null;
};

/** Brings the chain of a table's backups on by one step, if one is due. */
export type BackUp = (request?: {
  /** A person asks: what was written since the last export is exported now. */
  readonly isAsked?: boolean;
}) => Promise<Result<BackedUp, BackupFlaw>>;

/** What backing up needs. */
export type BackUpDeps = ReadChainDeps & {
  readonly exports: TableExports;
  readonly clock: Pick<Clock, "nowMs">;
  readonly policy: BackupPolicy;
};

/** As often an export that fails is asked for, before the store's own next hour counts anew. */
const ATTEMPTS_MAX = 5;

/**
 * Asks for the export that is due and adds it to the chain once it is done. Every look decides
 * anew from the chain alone, and the same wish is the same export, so that nothing has to be
 * remembered between two looks, and a look that dies is simply followed by the next one. One that
 * has failed is told of by every look until another one is done, and asked for again at once.
 */
export const createBackUp =
  (deps: BackUpDeps): BackUp =>
  async ({ isAsked = false } = {}) => {
    const end = await readChainEnd(deps);
    if (!end.ok) return end;
    const backedUpToMs = end.value?.last.toMs ?? null;
    const tableId = await deps.exports.tableId();
    const plan = planBackup(end.value, tableId, { ...deps, nowMs: deps.clock.nowMs(), isAsked });
    if (plan.type === "wait") {
      const until = new Date(plan.untilMs).toISOString();
      const detail = `The next export is due at ${until}.`;
      return ok({ state: "waiting", detail, link: null, backedUpToMs });
    }
    const { kind, fromMs, toMs } = plan;
    const wish: ExportWish = { kind, fromMs, toMs };
    let failures = "";
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const asked = await deps.exports.start(wish, attempt);
      if (!asked.ok) {
        return ok({ state: "waiting", detail: asked.error.detail, link: null, backedUpToMs });
      }
      const found = await deps.exports.find(asked.value);
      switch (found.type) {
        case "running": {
          const detail = `${failures}The ${kind} export ${asked.value} is under way.`;
          const state = attempt === 0 ? "running" : "failed";
          return ok({ state, detail, link: null, backedUpToMs });
        }
        case "failed":
          failures = `${attempt + 1} of ${ATTEMPTS_MAX} ${kind} exports failed: ${found.detail} `;
          break;
        case "completed":
          return addToChain(deps, end.value, { ...wish, tableId }, found);
      }
    }
    return ok({ state: "failed", detail: failures.trimEnd(), link: null, backedUpToMs });
  };

const addToChain = async (
  { backups, digest }: BackUpDeps,
  end: ChainEnd,
  wish: ExportWish & Pick<BackupLink, "tableId">,
  { exportId, manifestKey }: { readonly exportId: string; readonly manifestKey: string },
): Promise<Result<BackedUp, BackupFlaw>> => {
  const content = await backups.readExport(manifestKey);
  if (!content.ok) return content;
  const { kind, fromMs, toMs, itemCount, summaryDigest, filesDigest } = content.value;
  if (kind !== wish.kind || fromMs !== wish.fromMs || toMs !== wish.toMs) {
    const detail = `The export ${manifestKey} is of another window than was asked for.`;
    return err(flawOf("gap", manifestKey, detail));
  }
  const link = sealLink(
    {
      version: 1,
      table: backups.table,
      tableId: wish.tableId,
      number: (end?.last.number ?? 0) + 1,
      kind,
      fromMs,
      toMs,
      exportId,
      manifestKey,
      summaryDigest,
      filesDigest,
      itemCount,
      previousDigest: end?.last.digest ?? null,
    },
    digest,
  );
  const isAdded = await backups.addLink(link);
  if (!isAdded) {
    const name = linkName(link.number);
    return err(flawOf("gap", name, `Another export was linked as ${name} meanwhile; look again.`));
  }
  const detail = `${itemCount} items are backed up as of ${new Date(toMs).toISOString()}.`;
  return ok({ state: "linked", detail, link, backedUpToMs: toMs });
};
