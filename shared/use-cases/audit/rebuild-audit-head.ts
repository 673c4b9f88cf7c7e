import { type AuditHead, TAIL_RECORDS_MAX } from "../../domain/audit/audit-head.ts";
import { type AuditRecord, CHAIN_START, type Digest } from "../../domain/audit/audit-record.ts";
import { verifyRecord, type WalkPosition } from "../../domain/audit/verify-record.ts";
import { RetryableError } from "../../domain/fault.ts";
import type { Settings } from "../../domain/settings.ts";
import type { AuditHeads } from "../../ports/audit-heads.ts";
import type { AuditRecords } from "../../ports/audit-records.ts";

/** What setting the head anew needs. */
export type RebuildAuditHeadDeps = {
  readonly heads: AuditHeads;
  readonly records: AuditRecords;
  readonly digest: Digest;
  readonly settings: Pick<Settings, "account" | "region">;
};

/** The end that the locked stores prove, and the highest epoch of its records. */
export type HeadRebuilt = {
  /** 0 where no store has a record. */
  readonly sequence: number;
  readonly epoch: number;
  /** Records that stand behind the first flaw and are not part of the chain any more. */
  readonly left: readonly number[];
  /** The newest records: as many as the lost head may have kept because a store had them not. */
  readonly newest: readonly AuditRecord[];
};

/** As many as an account has in years; more are walked by calling again. */
const PAGES_MAX = 1_000;
/** Records that are read beside each other: a year of them has to be walked within a restore. */
const READ_AT_ONCE = 50;

/**
 * Makes the newest record that the locked stores prove without a gap the head of the chain, for a
 * ledger that was restored or a head that is damaged. What the ledger's head had and no store has
 * is lost by that, which is why it is an act of a person or of a restore. Throws `RetryableError`.
 */
export const createRebuildAuditHead =
  ({ heads, records, digest, settings }: RebuildAuditHeadDeps) =>
  async (): Promise<HeadRebuilt> => {
    const { account, region } = settings;
    let position: WalkPosition = CHAIN_START;
    let newest: readonly AuditRecord[] = [];
    let epoch = 0;
    for (let page = 0; page < PAGES_MAX; page++) {
      const numbers = await records.numbersAfter(position.sequence);
      if (numbers.length === 0) break;
      for (const batch of batchesOf(numbers)) {
        const reads = await Promise.all(batch.map((number) => records.read(number)));
        for (const [index, [read]] of reads.entries()) {
          const verified = verifyRecord(position, account, read, digest);
          const isNext = batch[index] === position.sequence + 1;
          if (!isNext || read?.ok !== true || verified.flaws.length > 0) {
            await replace(heads, account, region, newest.at(-1));
            const left = await records.numbersAfter(position.sequence);
            return { sequence: position.sequence, epoch, left, newest };
          }
          ({ position } = verified);
          newest = [...newest.slice(1 - TAIL_RECORDS_MAX), read.value];
          epoch = Math.max(epoch, read.value.epoch);
        }
      }
    }
    await replace(heads, account, region, newest.at(-1));
    return { sequence: position.sequence, epoch, left: [], newest };
  };

const batchesOf = (numbers: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(numbers.length / READ_AT_ONCE) }, (_, index) =>
    numbers.slice(index * READ_AT_ONCE, (index + 1) * READ_AT_ONCE),
  );

/** The version goes on rising, so that whoever read the old head cannot write over the new one. */
const replace = async (
  heads: AuditHeads,
  account: string,
  region: string,
  last: AuditRecord | undefined,
): Promise<void> => {
  if (last === undefined) return;
  const before = await heads.load(account);
  const version = (before.ok ? (before.value?.version ?? 0) : 0) + VERSION_STEP;
  const kept = { [region]: last.sequence };
  const head: AuditHead = { account, version, tail: [last], kept, sealing: null };
  const replaced = await heads.replace(head);
  if (!replaced.ok) throw new RetryableError(`The head was not set: ${replaced.error.detail}`);
};

/** Above what the lost head may have come to: a damaged one does not say. */
const VERSION_STEP = 1_000_000;
