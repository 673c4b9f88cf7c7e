import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/fail-over/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { accountEnvironment, grantReconciling, type AccountReach } from "../account-reach.ts";
import { GuardedFunction } from "../guarded-function.ts";

/** What the function reaches. */
export type FailOverProps = AccountReach;

/** One step of the failover workflow; only where there are two Regions. */
export class FailOver extends GuardedFunction {
  constructor(scope: Construct, props: FailOverProps) {
    const { platform, ledger } = props;
    super(scope, "fail-over", {
      platform,
      description: "Does one step of a failover into this Region.",
      errorImpact: "A failover by hand does not go on; keep-lease finishes what it has begun.",
      environment: {
        ...accountEnvironment(props),
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["fail-over"]),
      memoryMebibytes: 512,
      errorsPage: "failover",
      errorsTolerated: 1,
      reservedConcurrency: 1,
    });
    grantReconciling(this, props);
    ledger.grantAudit(this, platform.keys.tables);
  }
}
