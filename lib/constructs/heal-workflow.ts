import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import { GuardedWorkflow } from "./guarded-workflow.ts";
import { addSilenceAlarm } from "./silence-alarm.ts";
import { titleOf } from "./watched.ts";

/** The functions under the names by which the definition calls them. */
export type HealFunctions = {
  readonly RunDiagnostics: GuardedFunction;
  readonly ProbePipeline: GuardedFunction;
  readonly PollFlow: GuardedFunction;
  readonly ReconcileOrders: GuardedFunction;
  readonly RedriveDeadLetters: GuardedFunction;
};

/** What the workflow needs. */
export type HealWorkflowProps = { readonly functions: HealFunctions; readonly logsKey: IKey };

const ERROR_IMPACT = "Nothing heals by itself; a person has to act on every failure.";

/** Diagnosis, one remedy and its proof as a Standard workflow, whose history stays. */
export class HealWorkflow extends GuardedWorkflow {
  constructor(scope: Construct, id: string, props: HealWorkflowProps) {
    super(scope, id, {
      ...props,
      definition: "heal.asl.json",
      type: StateMachineType.STANDARD,
      roleDescription: "What healing may start.",
      errorImpact: ERROR_IMPACT,
      page: "healing",
      // It runs every five minutes, and tries again within: one that fails is one that nothing healed.
      failuresTolerated: 0,
    });
  }

  /** Allows to start a run, and nothing else about it. */
  grantStart(grantee: IGrantable): void {
    allow(grantee, [this.wake.action], [this.wake.arn]);
  }

  /** Adds an alarm for silence to those of every workflow. */
  override watch(monitoring: MonitoringFacade, runbooks: string): void {
    super.watch(monitoring, runbooks);
    addSilenceAlarm(monitoring, runbooks, {
      title: titleOf(this),
      errorImpact: ERROR_IMPACT,
      metric: this.stateMachine.metricStarted({
        period: Duration.minutes(5),
        statistic: Stats.SUM,
      }),
    });
  }
}
