import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { ownMetric } from "./invariant-watch.ts";
import type { DeployedMode } from "./platform.ts";
import type { Watched } from "./watched.ts";

/** Whose availability it is. */
export type AvailabilityWatchProps = {
  /** Begins the names of alarms. */
  readonly namePrefix: string;
  readonly mode: DeployedMode;
  readonly alerts: ITopic;
};

/** The share of all minutes in which the system may be without service: 99.99 % are promised. */
const ERROR_BUDGET = 1 - 0.9999;

/** How fast the budget of 30 days is spent, over a long window and still in a short one. */
type BurnRate = {
  readonly name: string;
  /** `Critical` pages; `Warning` may wait for the morning. */
  readonly severity: "Critical" | "Warning";
  /** Multiples of the rate that would spend the budget in exactly 30 days. */
  readonly rate: number;
  readonly long: Duration;
  readonly short: Duration;
};

/** 2 % of the budget in an hour pages at once; 5 % in six hours can be read in the morning. */
const BURN_RATES: readonly BurnRate[] = [
  {
    name: "fast",
    severity: "Critical",
    rate: 14.4,
    long: Duration.hours(1),
    short: Duration.minutes(5),
  },
  {
    name: "slow",
    severity: "Warning",
    rate: 6,
    long: Duration.hours(6),
    short: Duration.minutes(30),
  },
];

/** Alarms on how fast the availability promised is spent, each over two windows. */
export class AvailabilityWatch extends Construct implements Watched {
  readonly #props: AvailabilityWatchProps;

  constructor(scope: Construct, id: string, props: AvailabilityWatchProps) {
    super(scope, id);
    this.#props = props;
  }

  /** Adds a row and the alarms. A window alone tells nobody: the pair does. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const { mode } = this.#props;
    const hourly = ownMetric("unavailable", "aggregate-health", mode, Duration.hours(1));
    monitoring.monitorCustom({
      humanReadableName: "availability",
      alarmFriendlyName: "availability",
      metricGroups: [
        {
          title: "Share of minutes without service (99.99 % are promised)",
          metrics: [hourly.with({ statistic: Stats.AVERAGE, label: "in the hour" })],
        },
      ],
    });
    for (const burn of BURN_RATES) this.#addBurnRate(burn, runbooks);
  }

  #addBurnRate({ name, severity, rate, long, short }: BurnRate, runbooks: string): void {
    const { alerts, namePrefix } = this.#props;
    const impact =
      `The system is without service ${rate} times as often as 99.99 % availability allows.` +
      ` Runbook: ${runbooks}/availability.md`;
    const windows = [long, short].map((window) => this.#addWindow(name, rate, window, impact));
    const alarm = new CompositeAlarm(this, `burn-${name}`, {
      compositeAlarmName: `${namePrefix}-availability-burn-${name}-${severity}`,
      alarmDescription: impact,
      alarmRule: AlarmRule.allOf(
        ...windows.map((window) => AlarmRule.fromAlarm(window, AlarmState.ALARM)),
      ),
    });
    alarm.addAlarmAction(new SnsAction(alerts));
    alarm.addOkAction(new SnsAction(alerts));
  }

  #addWindow(name: string, rate: number, window: Duration, impact: string): Alarm {
    const { mode, namePrefix } = this.#props;
    const minutes = window.toMinutes();
    return new Alarm(this, `burn-${name}-${minutes}`, {
      alarmName: `${namePrefix}-availability-burn-${name}-${minutes}m`,
      alarmDescription: impact,
      metric: ownMetric("unavailable", "aggregate-health", mode, window).with({
        statistic: Stats.AVERAGE,
      }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: rate * ERROR_BUDGET,
      evaluationPeriods: 1,
      // Whether health is derived at all, the heartbeat of aggregate-health says sooner.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
