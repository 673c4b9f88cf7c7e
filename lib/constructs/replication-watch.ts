import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { REPLICATION_RULE } from "./locked-replication.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** The names of the bucket that is copied and of the one that takes the copies. */
export type ReplicationWatchProps = { readonly source: string; readonly destination: string };

/** Hears of each locked object that S3 could not copy into the other Region. */
export class ReplicationWatch extends Construct implements Watched {
  readonly #props: ReplicationWatchProps;

  constructor(scope: Construct, id: string, props: ReplicationWatchProps) {
    super(scope, id);
    this.#props = props;
  }

  /** Adds its row and the alarm. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const { source, destination } = this.#props;
    monitoring.monitorCustom({
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      metricGroups: [
        {
          title: "Locked objects that were not copied",
          metrics: [
            {
              metric: new Metric({
                namespace: "AWS/S3",
                metricName: "OperationsFailedReplication",
                dimensionsMap: {
                  SourceBucket: source,
                  DestinationBucket: destination,
                  RuleId: REPLICATION_RULE,
                },
                statistic: Stats.SUM,
                period: Duration.minutes(5),
              }),
              alarmFriendlyName: "not-copied",
              addAlarm: {
                Critical: {
                  ...quietAlarm(runbooks, { errorImpact: ERROR_IMPACT, page: "copies-missing" }),
                  comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
                  threshold: 0,
                  evaluationPeriods: 1,
                  datapointsToAlarm: 1,
                },
              },
            },
          ],
        },
      ],
    });
  }
}

const ERROR_IMPACT = "What is locked was not copied: the loss of this Region would lose it.";
