import { err, ok, type Result } from "../result.ts";
import {
  type AuditEntry,
  type AuditRecord,
  CHAIN_START,
  type ChainPosition,
  type Digest,
  linkRecord,
  type RecordTooLarge,
  RECORD_CHARACTERS_MAX,
  recordText,
} from "./audit-record.ts";
import type { SealingState } from "./order-seal.ts";

/**
 * The end of an account's chain, as the ledger keeps it in one item: the newest records whole,
 * until each Region has them in its locked store, so that nothing is lost between two writes.
 */
export type AuditHead = {
  readonly account: string;
  /** Rises by one with each write of the head. */
  readonly version: number;
  /** Oldest first, one behind the other, never empty. */
  readonly tail: readonly AuditRecord[];
  /** By Region: every record up to this number stands in its locked store. */
  readonly kept: Readonly<Record<string, number>>;
  /** How far orders were sealed; null before the first of them. */
  readonly sealing: SealingState | null;
};

/** Why a record has no place in the chain. */
export type AppendRefusal =
  | RecordTooLarge
  /**
   * The writer acts under an older epoch than the chain's end: another Region holds the account.
   */
  | { readonly type: "Fenced"; readonly epoch: number; readonly headEpoch: number }
  /** No Region's locked store has taken a record for so long that the head has no room. */
  | { readonly type: "NothingKept"; readonly unkept: number };

/**
 * So many of the newest stay whoever has them: a writer whose answer was lost looks for its own.
 */
const TAIL_RECORDS_MIN = 4;
/** A dead Region's records wait in the tail up to here; what at least one Region has goes first. */
export const TAIL_RECORDS_MAX = 64;
/** Well below what an item may hold, and a bound on what a write of the head costs. */
const TAIL_CHARACTERS_MAX = 65_536;

/** The chain's end. */
export const lastOf = (head: AuditHead): AuditRecord => {
  const last = head.tail.at(-1);
  if (last === undefined) throw new Error("A head has at least one record.");
  return last;
};

/** The head after one more record, and that record. */
export const appendToHead = (
  head: AuditHead | undefined,
  entry: AuditEntry,
  place: { readonly account: string; readonly region: string; readonly atMs: number },
  digest: Digest,
): Result<{ readonly head: AuditHead; readonly record: AuditRecord }, AppendRefusal> => {
  const last = head === undefined ? undefined : lastOf(head);
  const headEpoch = last?.epoch ?? 0;
  const epoch = entry.epoch ?? headEpoch;
  if (epoch < headEpoch) return err({ type: "Fenced", epoch, headEpoch });
  const previous: ChainPosition = last ?? CHAIN_START;
  const record = linkRecord(previous, { ...entry, epoch }, place, digest);
  if (!record.ok) return record;
  const kept = head?.kept ?? {};
  const tail = trim([...(head?.tail ?? []), record.value], kept);
  if (!hasRoom(tail)) return err({ type: "NothingKept", unkept: tail.length - 1 });
  const { account } = place;
  const version = (head?.version ?? 0) + 1;
  const sealing = head?.sealing ?? null;
  return ok({ head: { account, version, tail, kept, sealing }, record: record.value });
};

/** The head once a Region has every record up to `sequence`; undefined if it says so already. */
export const markKept = (
  head: AuditHead,
  region: string,
  sequence: number,
): AuditHead | undefined => {
  if ((head.kept[region] ?? 0) >= sequence) return undefined;
  const kept = { ...head.kept, [region]: sequence };
  return { ...head, version: head.version + 1, kept, tail: trim(head.tail, kept) };
};

/** Drops what every Region has, and then, for want of room, what one has; never the last one. */
const trim = (tail: readonly AuditRecord[], kept: AuditHead["kept"]): readonly AuditRecord[] => {
  const numbers = Object.values(kept);
  const everywhere = numbers.length === 0 ? 0 : Math.min(...numbers);
  const somewhere = Math.max(0, ...numbers);
  let left = tail.filter(
    ({ sequence }, index) => sequence > everywhere || index >= tail.length - TAIL_RECORDS_MIN,
  );
  while (left.length > 1 && !hasRoom(left) && (left[0]?.sequence ?? 0) <= somewhere) {
    left = left.slice(1);
  }
  return left;
};

const hasRoom = (tail: readonly AuditRecord[]): boolean =>
  tail.length <= FITTING_RECORDS_MAX ||
  (tail.length <= TAIL_RECORDS_MAX &&
    tail.reduce((sum, record) => sum + recordText(record).length, 0) <= TAIL_CHARACTERS_MAX);

/** So few have room whatever they say, and nobody has to write them out for it. */
const FITTING_RECORDS_MAX = Math.floor(TAIL_CHARACTERS_MAX / RECORD_CHARACTERS_MAX);
