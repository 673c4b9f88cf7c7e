import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import type { DeployedMode } from "./platform.ts";
import type { RunbookPage } from "./runbook.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** An age that back-up tells each minute, and when it is too old; minutes. */
type Age = {
  readonly metric: "BackupAgeMinutes" | "RestoreTestAgeMinutes";
  readonly minutesMax: number;
  readonly errorImpact: string;
  readonly page: RunbookPage;
};

const AGES: readonly Age[] = [
  {
    metric: "BackupAgeMinutes",
    // Two hourly exports and the time that one takes.
    minutesMax: 150,
    errorImpact: "The newest export of the ledger is older than two and a half hours, or none is.",
    page: "backup-missing",
  },
  {
    metric: "RestoreTestAgeMinutes",
    // A day, and the three hours that a test may take.
    minutesMax: 27 * 60,
    errorImpact: "No backup was proven to be one that can be restored for more than a day.",
    page: "restore-test-failed",
  },
];

const MINUTES_LOOKED_AT = 10;

/** Alarms for backups and restore tests that are too old; that nobody says how old is an alarm. */
export class BackupWatch extends Construct implements Watched {
  readonly #mode: DeployedMode;

  constructor(scope: Construct, id: string, mode: DeployedMode) {
    super(scope, id);
    this.#mode = mode;
  }

  /** Adds a row and both alarms. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    monitoring.monitorCustom({
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      metricGroups: [
        {
          title: "Ages, minutes",
          metrics: AGES.map(({ metric, minutesMax, errorImpact, page }) => ({
            metric: this.#metric(metric),
            alarmFriendlyName: metric,
            addAlarm: {
              Critical: {
                ...quietAlarm(runbooks, { errorImpact, page }),
                treatMissingDataOverride: TreatMissingData.BREACHING,
                comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
                threshold: minutesMax,
                evaluationPeriods: MINUTES_LOOKED_AT,
                datapointsToAlarm: MINUTES_LOOKED_AT,
              },
            },
          })),
        },
      ],
    });
  }

  #metric(metricName: Age["metric"]): Metric {
    return new Metric({
      namespace: "Holdfast",
      metricName,
      dimensionsMap: { service: "back-up", mode: this.#mode },
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(1),
    });
  }
}
