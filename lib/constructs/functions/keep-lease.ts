import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/keep-lease/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { accountEnvironment, grantReconciling, type AccountReach } from "../account-reach.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";

/** What the function reaches. */
export type KeepLeaseProps = AccountReach & {
  readonly failures: DeadLetterQueue;
  /** Whether a dead Region is replaced without a person. */
  readonly isFailoverAutomatic: boolean;
};

/** Keeps or watches the lease of an account; only where there are two Regions. */
export class KeepLease extends GuardedFunction {
  constructor(scope: Construct, props: KeepLeaseProps) {
    const { platform, ledger, failures, isFailoverAutomatic } = props;
    super(scope, "keep-lease", {
      platform,
      description:
        "Says that this Region is alive, watches the other one, and takes over from a dead one.",
      errorImpact:
        "This Region looks dead to the other one, or a dead one is not replaced: fail over by hand.",
      environment: {
        ...accountEnvironment(props),
        FAILOVER_AUTOMATIC: isFailoverAutomatic ? "true" : "false",
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["keep-lease"]),
      memoryMebibytes: 512,
      errorsPage: "failover",
      isDrilled: true,
      errorsTolerated: 1,
      // A suspicious watcher stays for two minutes, and meanwhile each minute's run begins.
      reservedConcurrency: 3,
      hasHeartbeat: true,
      // The next minute's run goes on where this one failed.
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    grantReconciling(this, props);
    ledger.grantAudit(this, platform.keys.tables);
  }
}
