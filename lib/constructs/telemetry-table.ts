import type { Construct } from "constructs";
import { GlobalTable, type GlobalTableProps } from "./global-table.ts";

/** Snapshots, scores, evidence and health: eventually consistent, and forgotten after days. */
export class TelemetryTable extends GlobalTable {
  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id, {
      ...props,
      nature: {
        isStronglyConsistent: false,
        timeToLiveAttribute: "expiresAt",
        readActions: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        writeActions: ["dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      },
    });
  }
}
