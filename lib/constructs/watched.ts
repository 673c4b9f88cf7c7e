import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import type { RunbookPage } from "./runbook.ts";

/** A part that knows its own alarms and its row on the dashboard. */
export type Watched = {
  /** Adds both. `runbooks` is the address under which the runbooks are read. */
  readonly watch: (monitoring: MonitoringFacade, runbooks: string) => void;
};

/** What an alarm says: what users lose while it lasts, and the page that says what to do. */
export type AlarmText = {
  /** One sentence for a person. */
  readonly errorImpact: string;
  readonly page: RunbookPage;
};

/** What every alarm of the place has: its text, its runbook, and what absent data means. */
export type AlarmOptions = {
  readonly alarmDescriptionOverride: string;
  readonly runbookLink: string;
  readonly treatMissingDataOverride: TreatMissingData;
};

/** An alarm on something bad that is counted: no data is no trouble. */
export const quietAlarm = (runbooks: string, text: AlarmText): AlarmOptions => ({
  alarmDescriptionOverride: text.errorImpact,
  runbookLink: `${runbooks}/${text.page}.md`,
  treatMissingDataOverride: TreatMissingData.NOT_BREACHING,
});

/** An alarm on a sign of life: no data is the trouble. */
export const heartbeatAlarm = (runbooks: string, errorImpact: string): AlarmOptions => ({
  ...quietAlarm(runbooks, { errorImpact, page: "heartbeat-missing" }),
  treatMissingDataOverride: TreatMissingData.BREACHING,
});

/** The name of a part in alarms and on the dashboard: its path below the stack. */
export const titleOf = (construct: Construct): string =>
  construct.node.path.split("/").slice(1).join("-");
