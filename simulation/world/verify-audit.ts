import { toLockedStore } from "../../shared/adapters/memory/locked-store.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import { createStoredOrderSeals } from "../../shared/adapters/stored/order-seals.ts";
import { CHAIN_START } from "../../shared/domain/audit/audit-record.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import { createVerifyAudit } from "../../shared/use-cases/audit/verify-audit.ts";
import type { LockedBuckets } from "../services/locked-buckets.ts";
import type { SharedWorld } from "./shared-world.ts";
import { REGIONS } from "./world-settings.ts";

/** More records than any world makes. */
const RECORDS_MAX = 100_000;

/** The records as a person in a Region reaches them: what was locked there, and the copies. */
const auditRecordsIn = (
  { bucketsOf }: LockedBuckets,
  region: string,
  account: string,
): AuditRecords => {
  const { own, copies } = bucketsOf(region);
  const [mine, theirs] = [toLockedStore(own), toLockedStore(copies)];
  return createStoredAuditRecords({ account, own: mine, copies: theirs });
};

/** The records as whoever restores reads them: the other Region's own as well. */
export const allAuditRecords = (
  locked: LockedBuckets,
  region: string,
  account: string,
): AuditRecords => {
  const other = REGIONS.find((each) => each !== region);
  const { own, copies } = locked.bucketsOf(region);
  return createStoredAuditRecords({
    account,
    own: toLockedStore(own),
    copies: toLockedStore(copies),
    elsewhere: other === undefined ? undefined : toLockedStore(locked.bucketsOf(other).own),
  });
};

/**
 * Verifies the whole chain with what people verify it with, from either Region, past every fault.
 * While the table of the ledger is lost its head is not asked for.
 */
export const verifyAudit = async (
  { ledger, locked, observe }: Pick<SharedWorld, "ledger" | "locked" | "observe">,
  account: string,
): Promise<void> => {
  const store = ledger.storeOf(() => undefined);
  const inLedger = ledger.isLost()
    ? {}
    : { heads: createStoredAuditHeads(store), seals: createStoredOrderSeals(store) };
  for (const region of REGIONS) {
    const records = auditRecordsIn(locked, region, account);
    const verify = createVerifyAudit({
      ...inLedger,
      records,
      digest: sha256,
      settings: { account },
    });
    const { headSequence, flaws } = await verify(CHAIN_START, RECORDS_MAX);
    observe({ type: "auditVerified", headSequence, flaws });
  }
};
