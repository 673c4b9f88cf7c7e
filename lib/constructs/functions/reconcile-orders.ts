import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/reconcile-orders/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { accountEnvironment, grantReconciling, type AccountReach } from "../account-reach.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";

/** What the function reaches. */
export type ReconcileOrdersProps = AccountReach & {
  readonly failures: DeadLetterQueue;
};

/** Settles unknown orders, takes fills and compares the ledger with the broker. */
export class ReconcileOrders extends GuardedFunction {
  constructor(scope: Construct, props: ReconcileOrdersProps) {
    const { platform, failures } = props;
    super(scope, "reconcile-orders", {
      platform,
      description: "Settles unknown orders, takes fills, compares the ledger with the broker.",
      errorImpact: "Unknown orders stay unknown and fills go unseen: their symbols are blocked.",
      environment: {
        ...accountEnvironment(props),
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["reconcile-orders"]),
      memoryMebibytes: 512,
      isDrilled: true,
      errorsTolerated: 1,
      // Two at once would only ask the broker the same questions twice.
      reservedConcurrency: 1,
      hasHeartbeat: true,
      // The next minute's run sees everything this one missed.
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    grantReconciling(this, props);
  }
}
