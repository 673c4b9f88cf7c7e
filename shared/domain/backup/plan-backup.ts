import type { BackupKind, BackupLink } from "./backup-link.ts";

/** How often a table is exported, and what its store allows; milliseconds. */
export type BackupPolicy = {
  readonly everyMs: number;
  readonly fullEveryMs: number;
  /** The newest moment that can be exported lies so far back. */
  readonly settleMs: number;
  /** An incremental window is at least and at most so long. */
  readonly windowMinMs: number;
  readonly windowMaxMs: number;
  /** Whether a full export can be made as of a moment that has passed. */
  readonly reachesBack: boolean;
};

/** DynamoDB: windows of 15 minutes to 24 hours, and point-in-time recovery that lags 5 minutes. */
export const DYNAMODB_POLICY: BackupPolicy = {
  everyMs: 3_600_000,
  fullEveryMs: 86_400_000,
  settleMs: 360_000,
  windowMinMs: 900_000,
  windowMaxMs: 86_400_000,
  reachesBack: true,
};

/**
 * What was seen, for the archive: each item lives for days, so that a day's window misses none; a
 * full export a month keeps the chain's beginning within what the archive keeps.
 */
export const ARCHIVE_POLICY: BackupPolicy = {
  ...DYNAMODB_POLICY,
  everyMs: 86_400_000,
  fullEveryMs: 30 * 86_400_000,
};

/** A store of our own: whatever was written can be exported at once, and nothing of the past. */
export const OWN_STORE_POLICY: BackupPolicy = {
  ...DYNAMODB_POLICY,
  settleMs: 0,
  windowMinMs: 0,
  windowMaxMs: Number.MAX_SAFE_INTEGER,
  reachesBack: false,
};

/** What to export next; `wait` until something is due. */
export type BackupPlan =
  | { readonly type: "wait"; readonly untilMs: number }
  | {
      readonly type: "export";
      readonly kind: BackupKind;
      readonly fromMs: number;
      readonly toMs: number;
    };

/** What is known of the chain: its newest link, and its newest full export. */
export type ChainEnd = { readonly last: BackupLink; readonly lastFull: BackupLink } | undefined;

/** What a decision depends on besides the chain. */
export type BackupMoment = {
  readonly nowMs: number;
  readonly policy: BackupPolicy;
  /** A person wants what was written since the last export, now. */
  readonly isAsked: boolean;
};

/**
 * Decides what is due: a full export first of all, once a day and of each new table, else what was
 * written since the last export, once an hour or, when a person asks, now. Windows follow one
 * another without a gap. Where an export takes its time, each look until it is done decides for
 * the same one.
 */
export const planBackup = (chain: ChainEnd, tableId: string, moment: BackupMoment): BackupPlan => {
  const end = chain === undefined || chain.last.tableId === tableId ? chain : undefined;
  // A new table goes on in the chain of the old one, from a full export that is no older.
  const fromMs = chain === undefined ? 0 : chain.last.toMs;
  return moment.policy.reachesBack ? planBack(end, fromMs, moment) : planNow(end, fromMs, moment);
};

/** Moments are whole steps from the last one on, and do not move while time passes. */
const planBack = (
  end: ChainEnd,
  fromMs: number,
  { nowMs, policy, isAsked }: BackupMoment,
): BackupPlan => {
  const newestMs = nowMs - policy.settleMs;
  if (end === undefined) {
    const atMs = Math.floor(newestMs / policy.everyMs) * policy.everyMs;
    return atMs >= fromMs ? full(atMs) : { type: "wait", untilMs: fromMs + policy.settleMs };
  }
  const { last, lastFull } = end;
  const isFullDue = last.toMs - lastFull.toMs >= policy.fullEveryMs;
  if (isFullDue && last.kind === "incremental") return full(last.toMs);
  const stepMs = isAsked ? policy.windowMinMs : policy.everyMs;
  const steps = Math.floor((newestMs - last.toMs) / stepMs);
  if (steps < 1) return { type: "wait", untilMs: last.toMs + stepMs + policy.settleMs };
  const toMs = last.toMs + (isAsked ? Math.min(steps * stepMs, policy.windowMaxMs) : stepMs);
  return { type: "export", kind: "incremental", fromMs: last.toMs, toMs };
};

/** A store of our own is as it is now, and whatever was written by now is in it. */
const planNow = (
  end: ChainEnd,
  fromMs: number,
  { nowMs, policy, isAsked }: BackupMoment,
): BackupPlan => {
  const newestMs = Math.floor(nowMs) + 1;
  if (end === undefined) return full(Math.max(newestMs, fromMs));
  const { last, lastFull } = end;
  const paceMs = isAsked ? 1 : policy.everyMs;
  if (newestMs - last.toMs < paceMs) return { type: "wait", untilMs: last.toMs + paceMs };
  if (newestMs - lastFull.toMs >= policy.fullEveryMs) return full(newestMs);
  return { type: "export", kind: "incremental", fromMs: last.toMs, toMs: newestMs };
};

const full = (atMs: number): BackupPlan => ({
  type: "export",
  kind: "full",
  fromMs: atMs,
  toMs: atMs,
});
