import { sha256 } from "../../../shared/adapters/host/digest.ts";
import { createMemoryLockedStore } from "../../../shared/adapters/memory/locked-store.ts";
import { createStoredAuditHeads } from "../../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../../shared/adapters/stored/audit-records.ts";
import { createStoredOrderSeals } from "../../../shared/adapters/stored/order-seals.ts";
import { CHAIN_START, type AuditRecord } from "../../../shared/domain/audit/audit-record.ts";
import type { LockedStore } from "../../../shared/ports/locked-store.ts";
import { createKeepAudit } from "../../../shared/use-cases/audit/keep-audit.ts";
import { createRecordAudit } from "../../../shared/use-cases/audit/record-audit.ts";
import { createVerifyAudit } from "../../../shared/use-cases/audit/verify-audit.ts";
import type { TradingAccount } from "../trading-account.ts";

/** The audit of an account in two Regions, of which the first is the one that it trades in. */
export const auditOf = (account: TradingAccount, digest = sha256) => {
  const heads = createStoredAuditHeads(account.items);
  const seals = createStoredOrderSeals(account.items);
  const stores = [createMemoryLockedStore(), createMemoryLockedStore()] as const;
  const { settings: here } = account.deps;
  const regionOf = (region: string, own: LockedStore, copies: LockedStore) => {
    const settings = { ...here, region };
    const records = createStoredAuditRecords({ account: here.account, own, copies });
    const deps = { ...account.deps, heads, seals, records, digest, settings };
    return {
      trail: createRecordAudit(deps),
      keep: createKeepAudit(deps),
      verify: () => createVerifyAudit(deps)(CHAIN_START, 10_000),
      records,
    };
  };
  const [first, second] = stores;
  const active = regionOf(here.region, first, second);
  return {
    ...active,
    heads,
    seals,
    stores,
    passive: regionOf("us-west-2", second, first),
    /** The whole chain, as the verified stores have it. */
    chain: async (): Promise<readonly AuditRecord[]> => {
      const numbers = await active.records.numbersAfter(0);
      const reads = await Promise.all(numbers.map((number) => active.records.read(number)));
      return reads.map(([read]) => {
        if (read?.ok !== true) throw new Error("Every record can be read.");
        return read.value;
      });
    },
  };
};
