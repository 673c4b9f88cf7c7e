import { readFileSync } from "node:fs";
import { Duration, Stack } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import type { Wakeable } from "./market-schedule.ts";
import { RetainedLogs } from "./retained-logs.ts";
import { addSilenceAlarm } from "./silence-alarm.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

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

const DEFINITION = new URL("../workflows/heal.asl.json", import.meta.url);

/**
 * Diagnosis, one remedy and its proof as a Standard workflow, whose history stays; from the very
 * definition that the local world runs. It may start five functions and nothing else.
 */
export class HealWorkflow extends Construct implements Wakeable, Watched {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: HealWorkflowProps) {
    super(scope, id);
    const functions = Object.entries(props.functions);
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      description: "What healing may start.",
    });
    const arns = functions.map(([, { function: task }]) => task.functionArn);
    allow(role, ["lambda:InvokeFunction"], arns);
    this.stateMachine = new StateMachine(this, "workflow", {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, "utf8")),
      definitionSubstitutions: Object.fromEntries(
        functions.map(([name, { function: task }]) => [name, task.functionArn]),
      ),
      role,
      tracingEnabled: true,
      logs: {
        destination: new RetainedLogs(this, "logs", { key: props.logsKey }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    const reason =
      "Log delivery and X-Ray know no resources: AWS allows their actions only on all.";
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
  }

  get wake() {
    return { arn: this.stateMachine.stateMachineArn, action: "states:StartExecution" };
  }

  /** Adds its row, and alarms for runs that failed or did not end. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const errorImpact = "Nothing heals by itself; a person has to act on every failure.";
    const alarm = { ...quietAlarm(runbooks, { errorImpact, page: "healing" }), maxErrorCount: 1 };
    monitoring.monitorStepFunction({
      stateMachine: this.stateMachine,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addFailedExecutionCountAlarm: { Critical: alarm },
      addTimedOutExecutionCountAlarm: { Critical: alarm },
    });
    addSilenceAlarm(monitoring, runbooks, {
      title: titleOf(this),
      errorImpact,
      metric: this.stateMachine.metricStarted({
        period: Duration.minutes(5),
        statistic: Stats.SUM,
      }),
    });
  }
}
