import { appendToHead, type AppendRefusal, type AuditHead } from "../../domain/audit/audit-head.ts";
import type { AuditEntry, AuditRecord, Digest } from "../../domain/audit/audit-record.ts";
import type { SealingState } from "../../domain/audit/order-seal.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Settings } from "../../domain/settings.ts";
import type { AuditHeads } from "../../ports/audit-heads.ts";
import type { AuditTrail, NotRecorded } from "../../ports/audit-trail.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Pause } from "../../ports/pause.ts";
import type { Random } from "../../ports/random.ts";
import { backOff } from "../update-cell.ts";

/** What recording needs. */
export type RecordAuditDeps = {
  readonly heads: AuditHeads;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly random: Pick<Random, "next">;
  readonly digest: Digest;
  readonly settings: Pick<Settings, "account" | "region">;
};

/** As often as others may write the head at the same moment, and as it may not answer. */
const TRIES_MAX = 8;

/**
 * Records by ONE conditional write on the head in the ledger, which carries the record whole; the
 * locked stores get it from there. A write whose answer was lost is found again by its hash, so
 * that a record is never there twice for one call.
 */
export const createRecordAudit = (deps: RecordAuditDeps): AuditTrail => ({
  record: (entry) => recordEntry(deps, entry),
});

/** The same, and says with the same write how far orders are sealed. */
export const recordEntry = async (
  deps: RecordAuditDeps,
  entry: AuditEntry,
  sealing?: SealingState,
): Promise<Result<AuditRecord, NotRecorded>> => {
  const { account, region } = deps.settings;
  const written: AuditRecord[] = [];
  let last = "It was written by others again and again.";
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    if (tries > 1) await backOff(deps, tries - 1);
    const loaded = await deps.heads.load(account);
    if (!loaded.ok) {
      if (loaded.error.type === "LedgerCorrupt") return notRecorded(loaded.error.detail);
      last = loaded.error.detail;
      continue;
    }
    const ours = written.find((record) => isIn(loaded.value, record));
    if (ours !== undefined) return ok(ours);
    const place = { account, region, atMs: deps.clock.nowMs() };
    const appended = appendToHead(loaded.value, entry, place, deps.digest);
    if (!appended.ok) return notRecorded(describe(appended.error));
    const { head, record } = appended.value;
    const next = sealing === undefined ? head : { ...head, sealing };
    const saved = await deps.heads.save(next, loaded.value);
    if (saved.ok) return ok(record);
    // Also where it moved: a client that asks again after a lost answer meets its own write.
    written.push(record);
    if (saved.error.type !== "HeadMoved") last = saved.error.detail;
    else if (isIn(saved.error.current, record)) return ok(record);
  }
  return notRecorded(last);
};

/** A head that has moved on so far that the record left its tail would have let none be lost. */
const isIn = (head: AuditHead | undefined, { sequence, hash }: AuditRecord): boolean =>
  head?.tail.some((one) => one.sequence === sequence && one.hash === hash) ?? false;

const notRecorded = (detail: string): Result<never, NotRecorded> =>
  err({ type: "NotRecorded", detail: `The audit did not take it: ${detail}` });

const describe = (refusal: AppendRefusal): string => {
  switch (refusal.type) {
    case "RecordTooLarge":
      return `A record of ${refusal.characters} characters is too large.`;
    case "Fenced":
      return `Epoch ${refusal.epoch} is over: the chain is at epoch ${refusal.headEpoch}.`;
    case "NothingKept":
      return `${refusal.unkept} records wait for a locked store.`;
  }
};
