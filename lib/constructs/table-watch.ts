import { Duration } from "aws-cdk-lib";
import { MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import {
  DynamoTableMonitoring,
  type DynamoTableMonitoringProps,
  ErrorType,
  type MetricWithAlarmSupport,
  type MonitoringFacade,
} from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import type { GlobalTable } from "./global-table.ts";
import { type AlarmOptions, quietAlarm, type Watched } from "./watched.ts";

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
    const props: DynamoTableMonitoringProps = {
      table: Table.fromTableName(this, "regional", table.tableName),
      // Nothing is provisioned, so that there is no share of it to show.
      billingMode: BillingMode.PAY_PER_REQUEST,
      humanReadableName: this.node.id,
      alarmFriendlyName: this.node.id,
      addReadThrottledEventsCountAlarm: { Warning: throttled },
      addWriteThrottledEventsCountAlarm: { Critical: throttled },
    };
    const row = new TableRow(monitoring, props, systemErrorsOf(table.tableName), quiet);
    monitoring.addSegment(row, props);
  }
}

/** A row whose errors are heard, and shown, although most operations had none. */
class TableRow extends DynamoTableMonitoring {
  override readonly systemErrorMetric: MetricWithAlarmSupport;

  constructor(
    monitoring: MonitoringFacade,
    props: DynamoTableMonitoringProps,
    errors: MathExpression,
    alarm: AlarmOptions,
  ) {
    super(monitoring, props);
    this.systemErrorMetric = errors;
    const options = { ...alarm, maxErrorCount: ERRORS_TOLERATED };
    this.addAlarm(
      this.errorAlarmFactory.addErrorCountAlarm(
        errors,
        ErrorType.SYSTEM_ERROR,
        options,
        "Critical",
      ),
    );
  }
}

/** Within five minutes. */
const ERRORS_TOLERATED = 5;

/** Everything that is asked of a table. */
const OPERATIONS = ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "BatchWriteItem"];

/**
 * Errors of DynamoDB's own. It writes the metric by operation, and none for one without an error:
 * a plain sum would be unknown until all of them fail at the same time.
 */
const systemErrorsOf = (tableName: string): MathExpression => {
  const metrics = OPERATIONS.map((operation) => {
    const metric = new Metric({
      namespace: "AWS/DynamoDB",
      metricName: "SystemErrors",
      dimensionsMap: { TableName: tableName, Operation: operation },
      statistic: Stats.SUM,
    });
    return [`errorsOf${operation}`, metric] as const;
  });
  return new MathExpression({
    expression: `SUM([${metrics.map(([id]) => `FILL(${id}, 0)`).join(", ")}])`,
    label: "System Errors",
    period: Duration.minutes(5),
    usingMetrics: Object.fromEntries(metrics),
  });
};
