import type { Construct } from "constructs";
import { GlobalTable, type GlobalTableProps } from "./global-table.ts";

/**
 * The ledger: small, precious, and strongly consistent between two Regions with a witness in a
 * third. It has no time to live and no index, and nobody may delete from it or scan it.
 */
export class LedgerTable extends GlobalTable {
  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id, {
      ...props,
      nature: {
        isStronglyConsistent: true,
        readActions: ["dynamodb:GetItem", "dynamodb:Query"],
        writeActions: ["dynamodb:PutItem"],
      },
    });
  }
}
