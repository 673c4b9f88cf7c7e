/** The features that can be switched on for a part of the work. */
export type FlagName = "hedgedReads" | "vendorScores";

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
