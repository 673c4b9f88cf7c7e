import { readFileSync } from "node:fs";
import { Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  type StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import type { Wakeable } from "./market-schedule.ts";
import { RetainedLogs } from "./retained-logs.ts";
import type { RunbookPage } from "./runbook.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** What must be decided for each workflow; everything else is the same for all. */
export type GuardedWorkflowProps = {
  /** The definition's file under `lib/workflows`, which the local world runs as well. */
  readonly definition: string;
  readonly type: StateMachineType;
  /** All that it may start, under the names by which the definition calls them. */
  readonly functions: Readonly<Record<string, GuardedFunction>>;
  readonly logsKey: IKey;
  /** What its role is for, in one sentence. */
  readonly roleDescription: string;
  /** What users lose when it stops; it becomes the text of its alarms. */
  readonly errorImpact: string;
  readonly page: RunbookPage;
  /** Failed runs within five minutes that a person need not hear of. */
  readonly failuresTolerated: number;
};

/**
 * A workflow as this place runs all of them: from a definition in a file, traced and logged without
 * what it handles, with a role that may start its functions and nothing else, and its alarms.
 */
export class GuardedWorkflow extends Construct implements Wakeable, Watched {
  readonly stateMachine: StateMachine;
  readonly #props: GuardedWorkflowProps;

  constructor(scope: Construct, id: string, props: GuardedWorkflowProps) {
    super(scope, id);
    this.#props = props;
    const role = new Role(this, "role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      description: props.roleDescription,
    });
    const arns = Object.entries(props.functions).map(
      ([name, { callable }]) => [name, callable.functionArn] as const,
    );
    allow(
      role,
      ["lambda:InvokeFunction"],
      arns.map(([, arn]) => arn),
    );
    const definition = new URL(`../workflows/${props.definition}`, import.meta.url);
    this.stateMachine = new StateMachine(this, "workflow", {
      stateMachineType: props.type,
      definitionBody: DefinitionBody.fromString(readFileSync(definition, "utf8")),
      definitionSubstitutions: Object.fromEntries(arns),
      role,
      tracingEnabled: true,
      logs: {
        destination: new RetainedLogs(this, "logs", { key: props.logsKey }),
        level: LogLevel.ALL,
        // Orders and quotes are in the ledger and in telemetry; the log says what happened when.
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
    const { errorImpact, page, failuresTolerated } = this.#props;
    const alarm = {
      ...quietAlarm(runbooks, { errorImpact, page }),
      maxErrorCount: failuresTolerated,
    };
    monitoring.monitorStepFunction({
      stateMachine: this.stateMachine,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addFailedExecutionCountAlarm: { Critical: alarm },
      addTimedOutExecutionCountAlarm: { Critical: alarm },
    });
  }
}
