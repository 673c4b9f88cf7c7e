import { ComparisonOperator, type Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { heartbeatAlarm } from "./watched.ts";

/** What is to be heard, counted over the time in which it must come once. */
export type SilenceAlarm = {
  readonly title: string;
  readonly errorImpact: string;
  readonly metric: Metric;
};

/**
 * Adds an alarm for two periods without a sign of life, for what runs seldomer than each minute.
 */
export const addSilenceAlarm = (
  monitoring: MonitoringFacade,
  runbooks: string,
  { title, errorImpact, metric }: SilenceAlarm,
): void => {
  const { treatMissingDataOverride, ...text } = heartbeatAlarm(runbooks, errorImpact);
  monitoring.createAlarmFactory(title).addAlarm(metric, {
    ...text,
    alarmNameSuffix: "Silent",
    alarmDescription: errorImpact,
    treatMissingData: treatMissingDataOverride,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    datapointsToAlarm: 2,
    evaluationPeriods: 2,
    disambiguator: "Critical",
  });
};
