import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import {
  DefaultDashboardFactory,
  MonitoringFacade,
  SnsAlarmActionStrategy,
} from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import type { LedgerTable } from "../constructs/ledger-table.ts";
import { TableWatch } from "../constructs/table-watch.ts";
import type { TelemetryTable } from "../constructs/telemetry-table.ts";
import type { Watched } from "../constructs/watched.ts";

/** What is watched, and whom it tells. */
export type MonitoringStackProps = StackProps & {
  /** Begins the names of alarms and dashboards, which are unique in an account. */
  readonly namePrefix: string;
  /** The address under which the runbooks are read, without a slash at its end. */
  readonly runbooks: string;
  readonly alerts: ITopic;
  readonly tables: { readonly ledger: LedgerTable; readonly telemetry: TelemetryTable };
  readonly watched: readonly Watched[];
};

/** A Region's dashboard and alarms: each part adds its own row and its own alarms. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, props);
    const { namePrefix, runbooks, alerts, tables, watched } = props;
    const monitoring = new MonitoringFacade(this, "monitoring", {
      alarmFactoryDefaults: {
        alarmNamePrefix: namePrefix,
        actionsEnabled: true,
        action: new SnsAlarmActionStrategy({ onAlarmTopic: alerts, onOkTopic: alerts }),
        datapointsToAlarm: 1,
      },
      dashboardFactory: new DefaultDashboardFactory(this, "dashboards", {
        dashboardNamePrefix: namePrefix,
        createDashboard: true,
        createAlarmDashboard: true,
        createSummaryDashboard: false,
        detailDashboardRange: Duration.hours(8),
      }),
    });
    const ledger = new TableWatch(this, "ledger", {
      table: tables.ledger,
      errorImpact: "The ledger does not take every write: no claim, no order.",
    });
    const telemetry = new TableWatch(this, "telemetry", {
      table: tables.telemetry,
      errorImpact: "Evidence and snapshots are lost: health turns unknown, entries stop.",
    });
    for (const part of [...watched, ledger, telemetry]) part.watch(monitoring, runbooks);
  }
}
