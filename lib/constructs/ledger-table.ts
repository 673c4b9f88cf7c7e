import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { GlobalTable, type GlobalTableProps } from "./global-table.ts";

/** Where the heads of audit chains lie. */
const AUDIT_PARTITIONS = "audit#*";

/** IAM knows the partition of a write, and not the condition that it is made under. */
const partitions = (operator: string): Readonly<Record<string, unknown>> => ({
  [operator]: { "dynamodb:LeadingKeys": [AUDIT_PARTITIONS] },
  // A request that names no partition would satisfy the other one.
  Null: { "dynamodb:LeadingKeys": "false" },
});

/**
 * The ledger: small, precious, and strongly consistent between two Regions with a witness in a
 * third. It has no time to live and no index, and nobody may delete from it or scan it.
 * Who trades writes no head of the audit, and who audits nothing else, unless a function does both.
 */
export class LedgerTable extends GlobalTable {
  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id, {
      ...props,
      nature: {
        isStronglyConsistent: true,
        readActions: ["dynamodb:GetItem", "dynamodb:Query"],
        writeActions: ["dynamodb:PutItem"],
        writeConditions: partitions("ForAllValues:StringNotLike"),
      },
    });
  }

  /** Allows to read the ledger, and to write the heads of audit chains and nothing else of it. */
  grantAudit(grantee: IGrantable & Construct, key: IKey): void {
    this.grantRead(grantee, key);
    this.allowWrite(grantee, key, partitions("ForAllValues:StringLike"));
  }
}
