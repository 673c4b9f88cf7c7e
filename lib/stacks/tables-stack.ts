import { Stack, type StackProps } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { TableLayout } from "../constructs/global-table.ts";
import { LedgerTable } from "../constructs/ledger-table.ts";
import { TelemetryTable } from "../constructs/telemetry-table.ts";

/** Where the tables live, and the key of their first Region. */
export type TablesStackProps = StackProps & {
  readonly layout: TableLayout;
  readonly key: IKey;
  /** A ledger that was restored, and is used in place of the stack's own. */
  readonly restoredLedger?: string | undefined;
};

/** The ledger and telemetry, with their replicas: deployed once, in the first Region. */
export class TablesStack extends Stack {
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;

  constructor(scope: Construct, id: string, props: TablesStackProps) {
    const { restoredLedger, ...own } = props;
    super(scope, id, own);
    this.ledger = new LedgerTable(this, "ledger", { ...own, adopted: restoredLedger });
    this.telemetry = new TelemetryTable(this, "telemetry", own);
    // Whoever signs the trading policy puts it there.
    this.exportValue(this.ledger.tableName, { name: `${this.stackName}-ledger` });
    // Stacks that still import it could not be moved to another table if it were not exported
    // any longer: this one is deployed before them.
    this.exportValue(this.ledger.table.tableName);
  }
}
