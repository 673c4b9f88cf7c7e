import type { ComponentLevel } from "../health/system-health.ts";

/**
 * The features that can be switched on for a part of the work. `hedgedReads`: another vendor is
 * asked before one that is late has failed. `vendorScores`: vendors are asked by what was measured
 * of them, not as configured.
 */
export const FLAG_NAMES = ["hedgedReads", "vendorScores"] as const;

/** The name of one. */
export type FlagName = (typeof FLAG_NAMES)[number];

/** What a flag is configured to. */
export type FlagPolicy = {
  /** Of the subjects, 0 to 100. */
  readonly percent: number;
  /** Whether it is switched off by itself when health worsens. */
  readonly rollBack: boolean;
};

/** A flag that was rolled back, until its configuration is another one or a person clears it. */
export type FlagRollback = {
  readonly flag: FlagName;
  readonly atMs: number;
  /** The percentage that was configured then; another one is a new decision, and stands. */
  readonly percent: number;
  readonly reason: string;
};

/** What happened to the part of the system that a flag changes. */
export type FlagWatch = {
  readonly flags: Readonly<Record<FlagName, FlagPolicy>>;
  readonly rollbacks: readonly FlagRollback[];
  /** Levels by component, as health found them. */
  readonly levels: ReadonlyMap<string, ComponentLevel>;
  readonly atMs: number;
};

/** The component whose health says whether a flag does harm. */
const WATCHED: Readonly<Record<FlagName, string>> = {
  hedgedReads: "market-data",
  vendorScores: "market-data",
};

/**
 * The rollbacks that hold from now on: a flag that is on for a part only is on trial, and is off
 * for all when what it changes is not well. What is on for everybody was decided by people, and a
 * rollback stands until they decide on another percentage. Only ever switches something off.
 */
export const watchFlags = ({
  flags,
  rollbacks,
  levels,
  atMs,
}: FlagWatch): readonly FlagRollback[] =>
  FLAG_NAMES.flatMap((flag) => {
    const { percent, rollBack } = flags[flag];
    const standing = rollbacks.find((one) => one.flag === flag && one.percent === percent);
    if (standing !== undefined) return [standing];
    const level = levels.get(WATCHED[flag]) ?? "unknown";
    const isOnTrial = rollBack && percent > 0 && percent < 100;
    if (!isOnTrial || level === "healthy" || level === "unknown") return [];
    return [{ flag, atMs, percent, reason: `${WATCHED[flag]} is ${level}.` }];
  });

const BUCKETS = 10_000;

/**
 * Whether a flag is on for a subject: the same answer for the same subject wherever it is asked,
 * and whoever is in at a percentage stays in at every higher one. A rollback switches it off.
 */
export const isFlagOn = (
  flag: FlagName,
  subject: string,
  policy: FlagPolicy,
  rollback: FlagRollback | undefined,
): boolean =>
  (rollback === undefined || rollback.percent !== policy.percent) &&
  bucketOf(flag, subject) < (policy.percent / 100) * BUCKETS;

/** FNV-1a over flag and subject: no secret, only an even spread. */
const bucketOf = (flag: FlagName, subject: string): number => {
  let hash = 0x81_1c_9d_c5;
  for (const character of `${flag}:${subject}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  }
  // The last characters reach the low bits only: mixed once more, every bucket is as likely.
  hash = Math.imul(hash ^ (hash >>> 16), 0x7f_eb_35_2d);
  return ((hash ^ (hash >>> 15)) >>> 0) % BUCKETS;
};
