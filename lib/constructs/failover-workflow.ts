import { readFileSync } from "node:fs";
import { Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal, type IGrantable } from "aws-cdk-lib/aws-iam";
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
import type { FailOver } from "./functions/fail-over.ts";
import { RetainedLogs } from "./retained-logs.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** What the workflow needs. */
export type FailoverWorkflowProps = {
  readonly failOver: FailOver;
  readonly logsKey: IKey;
};

const DEFINITION = new URL("../workflows/failover.asl.json", import.meta.url);

/**
 * A failover into this Region, step by step, as a Standard workflow: it lasts as long as
 * reconciling takes, and its history stays. From the very definition that the local world runs.
 */
export class FailoverWorkflow extends Construct implements Watched {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { failOver, logsKey }: FailoverWorkflowProps) {
    super(scope, id);
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      description: "What a failover may start.",
    });
    const { functionArn } = failOver.function;
    allow(role, ["lambda:InvokeFunction"], [functionArn]);
    this.stateMachine = new StateMachine(this, "workflow", {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, "utf8")),
      definitionSubstitutions: { FailOver: functionArn },
      role,
      tracingEnabled: true,
      logs: {
        destination: new RetainedLogs(this, "logs", { key: logsKey }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    const reason =
      "Log delivery and X-Ray know no resources: AWS allows their actions only on all.";
    acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
  }

  /** Allows to start a failover, and nothing else about it. */
  grantStart(grantee: IGrantable): void {
    allow(grantee, ["states:StartExecution"], [this.stateMachine.stateMachineArn]);
  }

  /** Adds its row, and alarms for failovers that failed or did not end in an hour. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const errorImpact = "A failover did not end: the account may take exits only.";
    const alarm = { ...quietAlarm(runbooks, { errorImpact, page: "failover" }), maxErrorCount: 0 };
    monitoring.monitorStepFunction({
      stateMachine: this.stateMachine,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addFailedExecutionCountAlarm: { Critical: alarm },
      addTimedOutExecutionCountAlarm: { Critical: alarm },
    });
  }
}
