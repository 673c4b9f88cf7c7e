import { Stack, type StackProps } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { TableLayout } from "../constructs/global-table.ts";
import { LedgerTable } from "../constructs/ledger-table.ts";
import { TelemetryTable } from "../constructs/telemetry-table.ts";

/** Where the tables live, and the key of their first Region. */
export type TablesStackProps = StackProps & { readonly layout: TableLayout; readonly key: IKey };

/** The ledger and telemetry, with their replicas: deployed once, in the first Region. */
export class TablesStack extends Stack {
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;

  constructor(scope: Construct, id: string, props: TablesStackProps) {
    super(scope, id, props);
    this.ledger = new LedgerTable(this, "ledger", props);
    this.telemetry = new TelemetryTable(this, "telemetry", props);
    // Whoever signs the trading policy puts it there.
    this.exportValue(this.ledger.table.tableName, { name: `${this.stackName}-ledger` });
  }
}
