import { markKept, type AuditHead } from "../../domain/audit/audit-head.ts";
import { type AuditFlaw, describeFlaw } from "../../domain/audit/audit-flaw.ts";
import { CHAIN_START } from "../../domain/audit/audit-record.ts";
import type { AuditCheckpoint } from "../../domain/audit/checkpoint.ts";
import { RetryableError } from "../../domain/fault.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Alerts } from "../../ports/alerts.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { tolerateLoss } from "../tolerate-loss.ts";
import { sealOrders, type SealOrdersDeps } from "./seal-orders.ts";
import { createVerifyAudit, type VerifyAuditDeps } from "./verify-audit.ts";

/** What a run of the keeper came to. */
export type AuditKept = {
  /** Records that this run added. */
  readonly records: number;
  /** Every record up to this number stands in this Region's locked store. */
  readonly keptTo: number;
  /** The record that a checkpoint was written for; null where none was due. */
  readonly checkpoint: number | null;
  readonly flaws: readonly AuditFlaw[];
};

/** What keeping the audit needs. */
export type KeepAuditDeps = Omit<SealOrdersDeps, "settings"> &
  Omit<VerifyAuditDeps, "settings" | "heads" | "seals"> & {
    readonly ledger: Pick<Ledger, "loadCell">;
    readonly telemetry: Pick<Telemetry, "recordEvidence">;
    readonly alerts: Alerts;
    readonly settings: Settings;
  };

const CHECKPOINT_EVERY_MS = 60 * 60_000;
/** What one run reads back at most; the next hour goes on where it ended. */
const VERIFIED_PER_RUN = 1_000;
const COMPONENT = "audit";

/**
 * Keeps an account's audit, once a minute in each Region: the one that trades seals what is new,
 * each puts the head's records into its own locked store, and once an hour, if there is something
 * new, verifies what came since its last checkpoint and writes the next one. A flaw is told at once
 * and leaves the checkpoint unwritten. Throws `RetryableError`.
 */
export const createKeepAudit = (deps: KeepAuditDeps): (() => Promise<AuditKept>) => {
  const keeper = createCheckpointKeeper(deps, createVerifyAudit(deps));
  // What does not hold is said each minute until a later look finds that it holds.
  let known: readonly AuditFlaw[] = [];
  return async () => {
    const records = await sealWhereActive(deps);
    const head = await loadHead(deps);
    if (head === undefined) return { records, keptTo: 0, checkpoint: null, flaws: [] };
    const kept = "flaw" in head ? { keptTo: 0, flaws: [head.flaw] } : await keepTail(deps, head);
    const checked = kept.flaws.length === 0 ? await keeper(kept.keptTo) : undefined;
    const found = checked === undefined ? kept.flaws : checked.flaws;
    if (found !== undefined || known.length > 0) await tell(deps, found ?? known, known);
    known = found ?? known;
    const { keptTo } = kept;
    return { records, keptTo, checkpoint: checked?.checkpoint ?? null, flaws: known };
  };
};

const sealWhereActive = async (deps: KeepAuditDeps): Promise<number> => {
  const { account, region } = deps.settings;
  const loaded = await deps.ledger.loadCell(account);
  // A damaged cell is told of and rebuilt by reconciliation; what is sealed then says so.
  if (!loaded.ok || loaded.value?.activeRegion !== region) return 0;
  const head = await deps.heads.load(account);
  if (!head.ok) return 0;
  return sealOrders(deps, loaded.value, head.value);
};

const loadHead = async ({
  heads,
  settings,
}: KeepAuditDeps): Promise<AuditHead | undefined | { readonly flaw: AuditFlaw }> => {
  const loaded = await heads.load(settings.account);
  if (loaded.ok) return loaded.value;
  const { type, detail } = loaded.error;
  if (type === "LedgerUnavailable") {
    throw new RetryableError(`The head of the audit was not read: ${detail}`);
  }
  return { flaw: { type: "headUnreadable", sequence: 0, detail } };
};

/** Puts into this Region's store what it may not have yet, in the order of the chain. */
const keepTail = async (
  { heads, records, settings }: KeepAuditDeps,
  head: AuditHead,
): Promise<{ readonly keptTo: number; readonly flaws: readonly AuditFlaw[] }> => {
  const { region } = settings;
  const before = head.kept[region] ?? 0;
  let keptTo = before;
  for (const record of head.tail.filter(({ sequence }) => sequence > before)) {
    const kept = await records.keep(record);
    const { sequence, hash: expected } = record;
    if (kept.type === "taken") {
      const flaw: AuditFlaw = { type: "headDiffers", sequence, expected, actual: kept.hash };
      return { keptTo, flaws: [flaw] };
    }
    keptTo = sequence;
  }
  const marked = markKept(head, region, keptTo);
  // Who wrote meanwhile wins; the next minute's run marks again.
  if (marked !== undefined) await heads.save(marked, head);
  return { keptTo, flaws: [] };
};

type Checked = {
  readonly checkpoint: number | null;
  /** Undefined where nothing was verified. */
  readonly flaws: readonly AuditFlaw[] | undefined;
};

const NOT_DUE: Checked = { checkpoint: null, flaws: undefined };

/** Remembers the newest checkpoint, so that only the first run of an environment looks for it. */
const createCheckpointKeeper = (
  { clock, records, settings }: KeepAuditDeps,
  verify: ReturnType<typeof createVerifyAudit>,
): ((keptTo: number) => Promise<Checked>) => {
  const { account, region } = settings;
  let newest: AuditCheckpoint | undefined;
  let lookedAtMs = -Infinity;
  return async (keptTo) => {
    const nowMs = clock.nowMs();
    newest ??= await records.newestCheckpoint(region);
    const sinceMs = Math.max(newest?.atMs ?? -Infinity, lookedAtMs);
    if (nowMs - sinceMs < CHECKPOINT_EVERY_MS || keptTo <= (newest?.sequence ?? 0)) return NOT_DUE;
    const verified = await verify(newest ?? CHAIN_START, VERIFIED_PER_RUN);
    lookedAtMs = nowMs;
    const { flaws, position } = verified;
    const { sequence, hash } = position;
    const isDue = flaws.length === 0 && hash !== null && sequence > (newest?.sequence ?? 0);
    if (!isDue) return { checkpoint: null, flaws };
    const checkpoint = {
      schemaVersion: 1,
      account,
      sequence,
      hash,
      atMs: Math.floor(nowMs),
      region,
    } as const;
    await records.keepCheckpoint(checkpoint);
    newest = checkpoint;
    return { checkpoint: sequence, flaws };
  };
};

/**
 * What was verified is evidence; what does not hold wakes a person, and is not healed by itself.
 */
const tell = async (
  deps: KeepAuditDeps,
  flaws: readonly AuditFlaw[],
  before: readonly AuditFlaw[],
): Promise<void> => {
  const { alerts, clock, settings, telemetry } = deps;
  const [first] = flaws;
  const detail =
    first === undefined
      ? "The audit chain verifies."
      : `The audit chain is broken: ${describeFlaw(first)} Flaws in all: ${flaws.length}.`;
  const atMs = clock.nowMs();
  await tolerateLoss(
    telemetry.recordEvidence({
      component: COMPONENT,
      atMs,
      succeeded: first === undefined,
      detail,
      latencyMs: null,
      dataAgeMs: null,
      fault: null,
    }),
  );
  // One alert when it begins, one when it is over.
  if ((first === undefined) === (before.length === 0)) return;
  await tolerateLoss(
    alerts.publish({
      key: `audit-chain-${settings.account}`,
      action: first === undefined ? "resolve" : "trigger",
      severity: "critical",
      summary: detail.slice(0, 1_024),
      component: COMPONENT,
      mode: settings.mode,
      atMs,
      runbook: "audit-chain",
    }),
  );
};
