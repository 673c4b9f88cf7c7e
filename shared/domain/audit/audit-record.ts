import { canonicalJson } from "../canonical-json.ts";
import { err, ok, type Result } from "../result.ts";
import type { AuditKind } from "./audit-kind.ts";

/** What a record tells: whole numbers, text, yes or no, and lists and objects of these. */
export type AuditValue =
  | string
  | number
  | boolean
  | null
  | readonly AuditValue[]
  | { readonly [key: string]: AuditValue };

/** What is told of an act, by names. */
export type AuditBody = { readonly [key: string]: AuditValue };

/** Something that mattered, before it has its place in the chain. */
export type AuditEntry = {
  readonly kind: AuditKind;
  /** The principal or the function that did it. */
  readonly actor: string;
  /** The epoch it was done under; null for what no epoch allows, which is told as it was found. */
  readonly epoch: number | null;
  readonly body: AuditBody;
};

/** One link of an account's chain. Records of other versions of Holdfast may have other kinds. */
export type AuditRecord = {
  readonly schemaVersion: 1;
  readonly account: string;
  /** 1 for the first; each is one more than the one before it. */
  readonly sequence: number;
  /** The hash of the record before it; 64 zeros before the first. */
  readonly previousHash: string;
  /** Epoch milliseconds by the writer's clock, which orders nothing: the sequence does. */
  readonly atMs: number;
  readonly region: string;
  readonly epoch: number;
  readonly actor: string;
  readonly kind: string;
  readonly body: AuditBody;
  /** SHA-256, in hexadecimal, of the canonical JSON of all other fields. */
  readonly hash: string;
};

/** Where a record stands in its chain. */
export type ChainPosition = { readonly sequence: number; readonly hash: string };

/** What stands before the first record. */
export const CHAIN_START: ChainPosition = { sequence: 0, hash: "0".repeat(64) };

/** Characters of a record as text; larger ones are refused: it is a statement, not a store. */
export const RECORD_CHARACTERS_MAX = 16_384;

/** A digest of text: SHA-256 in hexadecimal. */
export type Digest = (text: string) => string;

/** The record would be larger than a record may be. */
export type RecordTooLarge = { readonly type: "RecordTooLarge"; readonly characters: number };

/** Puts an entry behind `previous`. */
export const linkRecord = (
  previous: ChainPosition,
  entry: AuditEntry & { readonly epoch: number },
  place: { readonly account: string; readonly region: string; readonly atMs: number },
  digest: Digest,
): Result<AuditRecord, RecordTooLarge> => {
  const { kind, actor, epoch, body } = entry;
  const { account, region, atMs } = place;
  const unsealed = {
    schemaVersion: 1,
    account,
    sequence: previous.sequence + 1,
    previousHash: previous.hash,
    // Clocks that run at another speed have fractions; records hold whole numbers only.
    atMs: Math.floor(atMs),
    region,
    epoch,
    actor,
    kind,
    body,
  } as const;
  const record = { ...unsealed, hash: digest(canonicalJson(unsealed)) };
  const characters = recordText(record).length;
  return characters > RECORD_CHARACTERS_MAX
    ? err({ type: "RecordTooLarge", characters })
    : ok(record);
};

/** The hash that a record has to carry. */
export const hashOfRecord = (record: AuditRecord, digest: Digest): string =>
  digest(canonicalJson({ ...record, hash: undefined }));

/** A record as it is stored: its canonical JSON, the hash among its fields. */
export const recordText = (record: AuditRecord): string => canonicalJson(record);
