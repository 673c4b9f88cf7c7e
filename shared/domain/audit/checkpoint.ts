/** A Region's own word for where the chain stood; written into its locked store every hour. */
export type AuditCheckpoint = {
  readonly schemaVersion: 1;
  readonly account: string;
  readonly sequence: number;
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly region: string;
};

const SEQUENCE_DIGITS = 12;

const sequenceText = (sequence: number): string =>
  sequence.toString().padStart(SEQUENCE_DIGITS, "0");

/** Where the locked store keeps a record; in the order of the chain. */
export const recordKey = (account: string, sequence: number): string =>
  `${recordPrefix(account)}${sequenceText(sequence)}.json`;

/** What the keys of an account's records begin with. */
export const recordPrefix = (account: string): string => `audit/${account}/records/`;

/** Where the locked store keeps a Region's checkpoint. */
export const checkpointKey = (account: string, region: string, sequence: number): string =>
  `${checkpointPrefix(account)}${region}/${sequenceText(sequence)}.json`;

/** What the keys of an account's checkpoints begin with. */
export const checkpointPrefix = (account: string): string => `audit/${account}/checkpoints/`;

/**
 * The number that a record's or a checkpoint's key ends with; undefined if it is none of either.
 */
export const sequenceOfKey = (key: string): number | undefined => {
  const digits = /\/(?<digits>\d{12})\.json$/.exec(key)?.groups?.["digits"];
  return digits === undefined ? undefined : Number(digits);
};
