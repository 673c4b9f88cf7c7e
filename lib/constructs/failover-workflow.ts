import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { FailOver } from "./functions/fail-over.ts";
import { GuardedWorkflow } from "./guarded-workflow.ts";

/** What the workflow needs. */
export type FailoverWorkflowProps = {
  readonly failOver: FailOver;
  readonly logsKey: IKey;
};

/**
 * A failover into this Region, step by step, as a Standard workflow: it lasts as long as
 * reconciling takes, and its history stays.
 */
export class FailoverWorkflow extends GuardedWorkflow {
  constructor(scope: Construct, id: string, { failOver, logsKey }: FailoverWorkflowProps) {
    super(scope, id, {
      definition: "failover.asl.json",
      type: StateMachineType.STANDARD,
      functions: { FailOver: failOver },
      logsKey,
      roleDescription: "What a failover may start.",
      errorImpact: "A failover did not end: the account may take exits only.",
      page: "failover",
      failuresTolerated: 0,
    });
  }

  /** Allows to start a failover, and nothing else about it. */
  grantStart(grantee: IGrantable): void {
    allow(grantee, [this.wake.action], [this.wake.arn]);
  }
}
