import type { Result } from "../result.ts";
import type { AuditFlaw } from "./audit-flaw.ts";
import { type AuditRecord, type Digest, hashOfRecord } from "./audit-record.ts";

/** Where a walk along the chain stands; without a hash behind a record that could not be read. */
export type WalkPosition = { readonly sequence: number; readonly hash: string | null };

/** A record that was looked at: where the next one has to follow, and what does not hold. */
export type RecordVerified = {
  readonly position: WalkPosition;
  readonly flaws: readonly AuditFlaw[];
};

/**
 * Checks the record that stands behind `previous`: that it is there, readable, of this account and
 * place, made of its content, and linked. Behind a gap the link is taken as given, and behind a
 * flawed record what it says of itself, so that one flaw is told once.
 */
export const verifyRecord = (
  previous: WalkPosition,
  account: string,
  read: Result<AuditRecord, string> | undefined,
  digest: Digest,
): RecordVerified => {
  const sequence = previous.sequence + 1;
  const gap = { sequence, hash: null };
  if (read === undefined) return { position: gap, flaws: [{ type: "missing", sequence }] };
  if (!read.ok) {
    return { position: gap, flaws: [{ type: "unreadable", sequence, detail: read.error }] };
  }
  const record = read.value;
  const flaws: AuditFlaw[] = [];
  if (record.sequence !== sequence || record.account !== account) {
    flaws.push({
      type: "misplaced",
      sequence,
      expected: `${account}/${sequence}`,
      actual: `${record.account}/${record.sequence}`,
    });
  }
  const expected = hashOfRecord(record, digest);
  if (expected !== record.hash) {
    flaws.push({ type: "changed", sequence, expected, actual: record.hash });
  }
  if (previous.hash !== null && record.previousHash !== previous.hash) {
    const { previousHash: actual } = record;
    flaws.push({ type: "unlinked", sequence, expected: previous.hash, actual });
  }
  return { position: { sequence, hash: record.hash }, flaws };
};
