import { Duration } from "aws-cdk-lib";
import { Table } from "aws-cdk-lib/aws-dynamodb";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import type { GlobalTable } from "./global-table.ts";
import { quietAlarm, type Watched } from "./watched.ts";

/** The table, and what users lose when it does not answer. */
export type TableWatchProps = { readonly table: GlobalTable; readonly errorImpact: string };

/** Watches one Region's side of a table: the same name, but metrics of its own. */
export class TableWatch extends Construct implements Watched {
  readonly #props: TableWatchProps;

  constructor(scope: Construct, id: string, props: TableWatchProps) {
    super(scope, id);
    this.#props = props;
  }

  /** Adds its row, and alarms for throttling and for errors of DynamoDB's own. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const { table, errorImpact } = this.#props;
    const quiet = quietAlarm(runbooks, { errorImpact, page: "table-errors" });
    const throttled = { ...quiet, maxThrottledEventsThreshold: 0, period: Duration.minutes(1) };
    monitoring.monitorDynamoTable({
      table: Table.fromTableName(this, "regional", table.tableName),
      humanReadableName: this.node.id,
      alarmFriendlyName: this.node.id,
      addReadThrottledEventsCountAlarm: { Warning: throttled },
      addWriteThrottledEventsCountAlarm: { Critical: throttled },
      addSystemErrorCountAlarm: { Critical: { ...quiet, maxErrorCount: 5 } },
    });
  }
}
