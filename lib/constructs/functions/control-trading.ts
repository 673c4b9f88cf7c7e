import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/control-trading/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { accountEnvironment, grantReconciling, type AccountReach } from "../account-reach.ts";
import type { FailoverWorkflow } from "../failover-workflow.ts";
import type { HealWorkflow } from "../heal-workflow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** What the function reaches. */
export type ControlTradingProps = AccountReach & {
  readonly exits: WorkerQueue;
  readonly heal: HealWorkflow;
  /** Absent where there is one Region. */
  readonly failover: FailoverWorkflow | undefined;
};

/** Fulfils operators' wishes: halt, flatten, resume by two, reconcile. It can send exits only. */
export class ControlTrading extends GuardedFunction {
  constructor(scope: Construct, props: ControlTradingProps) {
    const { platform, ledger, exits, heal, failover } = props;
    const workflow = failover?.stateMachine.stateMachineArn;
    super(scope, "control-trading", {
      platform,
      description: "Halts, flattens, resumes by two principals and reconciles, as operators wish.",
      errorImpact: "Operators cannot halt or flatten through the API: stop trading at the broker.",
      errorsPage: "control-trading-errors",
      environment: {
        ...accountEnvironment(props),
        EXITS_QUEUE_URL: exits.queue.queueUrl,
        HEAL_WORKFLOW_ARN: heal.stateMachine.stateMachineArn,
        ...(workflow === undefined ? {} : { FAILOVER_WORKFLOW_ARN: workflow }),
      } satisfies EnvInput,
      // API Gateway waits for 30 s at most.
      timeout: Duration.seconds(TIMEOUT_SECONDS["control-trading"]),
      memoryMebibytes: 512,
      errorsTolerated: 0,
      // Whatever else runs, the wish to stop is heard.
      reservedConcurrency: 2,
    });
    grantReconciling(this, props);
    ledger.grantAudit(this, platform.keys.tables);
    exits.grantSend(this);
    heal.grantStart(this);
    failover?.grantStart(this);
  }
}
