import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { IAlarm } from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import {
  DefaultDashboardFactory,
  MonitoringFacade,
  SnsAlarmActionStrategy,
} from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import { AvailabilityWatch } from "../constructs/availability-watch.ts";
import { DeskDashboard } from "../constructs/desk-dashboard.ts";
import { GuardedFunction } from "../constructs/guarded-function.ts";
import { InvariantWatch, STOPS_DRILLS_TAG } from "../constructs/invariant-watch.ts";
import type { LedgerTable } from "../constructs/ledger-table.ts";
import type { DeployedMode } from "../constructs/platform.ts";
import { SavedQueries } from "../constructs/saved-queries.ts";
import { TableWatch } from "../constructs/table-watch.ts";
import type { TelemetryTable } from "../constructs/telemetry-table.ts";
import type { Watched } from "../constructs/watched.ts";

/** What is watched, and whom it tells. */
export type MonitoringStackProps = StackProps & {
  /** Begins the names of alarms and dashboards, which are unique in an account. */
  readonly namePrefix: string;
  readonly mode: DeployedMode;
  /** The address under which the runbooks are read, without a slash at its end. */
  readonly runbooks: string;
  readonly alerts: ITopic;
  readonly tables: { readonly ledger: LedgerTable; readonly telemetry: TelemetryTable };
  readonly watched: readonly Watched[];
};

/**
 * A Region's dashboards and alarms: each part adds its own row and its own alarms to the
 * engineer's, and the desk has one screen of its own.
 */
export class MonitoringStack extends Stack {
  readonly desk: DeskDashboard;
  readonly queries: SavedQueries;
  /** A drill that rings one of these is stopped. */
  readonly stopAlarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, props);
    const { namePrefix, mode, runbooks, alerts, tables, watched } = props;
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
    const availability = new AvailabilityWatch(this, "availability", props);
    for (const part of [...watched, ledger, telemetry, availability]) {
      part.watch(monitoring, runbooks);
    }
    const invariants = new InvariantWatch(this, "invariants", props).watch(monitoring, runbooks);
    this.stopAlarms = monitoring.createdAlarmsWithTag(STOPS_DRILLS_TAG).map(({ alarm }) => alarm);
    this.desk = new DeskDashboard(this, "desk", { namePrefix, mode, runbooks, invariants });
    const functions = watched.filter((part) => part instanceof GuardedFunction);
    const logGroups = functions.map((part) => part.function.logGroup);
    this.queries = new SavedQueries(this, "queries", { namePrefix, logGroups });
  }
}
