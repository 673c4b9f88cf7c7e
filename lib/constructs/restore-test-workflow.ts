import type { IKey } from "aws-cdk-lib/aws-kms";
import { StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { VerifyRestore } from "./functions/verify-restore.ts";
import { GuardedWorkflow } from "./guarded-workflow.ts";

/** What the workflow needs. */
export type RestoreTestWorkflowProps = {
  readonly verifyRestore: VerifyRestore;
  readonly logsKey: IKey;
};

/** The daily restore test, slice by slice, as a Standard workflow: its table goes at the end. */
export class RestoreTestWorkflow extends GuardedWorkflow {
  constructor(scope: Construct, id: string, { verifyRestore, logsKey }: RestoreTestWorkflowProps) {
    super(scope, id, {
      definition: "restore-test.asl.json",
      type: StateMachineType.STANDARD,
      functions: { VerifyRestore: verifyRestore },
      logsKey,
      roleDescription: "What a restore test may start.",
      errorImpact: "The newest backup is not proven to be one that can be restored.",
      page: "restore-test-failed",
      failuresTolerated: 0,
    });
  }
}
