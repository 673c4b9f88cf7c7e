import type { AuditHeads } from "./audit-heads.ts";
import type { AuditRecords } from "./audit-records.ts";
import type { OrderSeals } from "./order-seals.ts";

/** Everything that an account's audit is kept in. */
export type Auditing = {
  readonly heads: AuditHeads;
  readonly records: AuditRecords;
  readonly seals: OrderSeals;
};
