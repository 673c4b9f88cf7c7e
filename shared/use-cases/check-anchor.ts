import { lastOf } from "../domain/audit/audit-head.ts";
import { type BackupFlaw, flawOf } from "../domain/backup/backup-flaw.ts";
import type { AuditHeads } from "../ports/audit-heads.ts";
import type { AuditRecords } from "../ports/audit-records.ts";

/**
 * Checks that the audit chain's end in a restored ledger is the very record that stands under its
 * number in the locked stores, as far as one of them has it.
 */
export const checkAnchor = async ({
  heads,
  records,
  account,
}: {
  readonly heads: Pick<AuditHeads, "load">;
  readonly records: Pick<AuditRecords, "read"> | undefined;
  readonly account: string;
}): Promise<readonly BackupFlaw[]> => {
  const file = `audit#${account}`;
  const loaded = await heads.load(account);
  if (!loaded.ok) return [flawOf("meaning", file, `The audit's end: ${loaded.error.detail}`)];
  if (loaded.value === undefined || records === undefined) return [];
  const last = lastOf(loaded.value);
  const stored = await records.read(last.sequence);
  const isOther = stored.some((record) => !record.ok || record.value.hash !== last.hash);
  return isOther
    ? [flawOf("meaning", file, `The audit's record ${last.sequence} is not the one kept locked.`)]
    : [];
};
