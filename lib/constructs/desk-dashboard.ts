import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  Stats,
  TextWidget,
  type IAlarm,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { ownMetric } from "./invariant-watch.ts";
import type { DeployedMode } from "./platform.ts";

/** What the desk looks at. */
export type DeskDashboardProps = {
  /** Begins the dashboard's name. */
  readonly namePrefix: string;
  readonly mode: DeployedMode;
  /** The address under which the runbooks are read. */
  readonly runbooks: string;
  /** What must never happen. */
  readonly invariants: readonly IAlarm[];
};

const WIDTH = 24;

/** One screen for those who trade: whether it is safe, whether it works, and what orders became. */
export class DeskDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: DeskDashboardProps) {
    super(scope, id);
    const { namePrefix, mode, runbooks, invariants } = props;
    const outcomes = ["acknowledged", "rejected", "denied", "unknown", "shed", "duplicate"];
    this.dashboard = new Dashboard(this, "dashboard", {
      dashboardName: `${namePrefix}-desk`,
      defaultInterval: Duration.hours(8),
      widgets: [
        [
          new TextWidget({
            width: WIDTH,
            height: 2,
            markdown: `Is money at risk? Is trading blind? What to do: ${runbooks}/README.md`,
          }),
        ],
        [
          new AlarmStatusWidget({
            title: "What must never happen",
            width: WIDTH / 2,
            alarms: [...invariants],
          }),
          new GraphWidget({
            title: "Minutes without service",
            width: WIDTH / 2,
            left: [ownMetric("unavailable", "aggregate-health", mode)],
          }),
        ],
        [
          new GraphWidget({
            title: "What orders became",
            width: WIDTH / 2,
            stacked: true,
            left: outcomes.map((name) =>
              ownMetric(name, "execute-orders", mode, Duration.minutes(5)),
            ),
          }),
          new GraphWidget({
            title: "Time from message to outcome (ms)",
            width: WIDTH / 2,
            left: [Stats.p(50), Stats.p(99)].map((statistic) =>
              ownMetric("duration", "execute-orders", mode).with({ statistic }),
            ),
          }),
        ],
      ],
    });
  }
}
