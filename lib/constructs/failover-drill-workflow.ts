import type { IKey } from "aws-cdk-lib/aws-kms";
import { StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { DrillFailover } from "./functions/drill-failover.ts";
import { GuardedWorkflow } from "./guarded-workflow.ts";

/** What the workflow needs. */
export type FailoverDrillWorkflowProps = {
  readonly drillFailover: DrillFailover;
  readonly logsKey: IKey;
};

/** The loss of the other Region, rehearsed step by step as a Standard workflow. */
export class FailoverDrillWorkflow extends GuardedWorkflow {
  constructor(
    scope: Construct,
    id: string,
    { drillFailover, logsKey }: FailoverDrillWorkflowProps,
  ) {
    super(scope, id, {
      definition: "failover-drill.asl.json",
      type: StateMachineType.STANDARD,
      functions: { DrillFailover: drillFailover },
      logsKey,
      roleDescription: "What a drill may start.",
      errorImpact:
        "A drill did not end by itself: the other Region may still be broken on purpose.",
      page: "failover-drill",
      failuresTolerated: 0,
    });
  }
}
