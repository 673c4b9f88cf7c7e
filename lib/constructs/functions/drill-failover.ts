import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/drill-failover/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { accountEnvironment, type AccountReach } from "../account-reach.ts";
import { allowExperiments } from "../allow-experiments.ts";
import { GuardedFunction } from "../guarded-function.ts";

/** What the function reaches. */
export type DrillFailoverProps = AccountReach & {
  /** The Region that it strikes. */
  readonly peerRegion: string;
};

/** One step of a drill; it changes nothing of trading, and breaks the other Region only. */
export class DrillFailover extends GuardedFunction {
  constructor(scope: Construct, props: DrillFailoverProps) {
    const { platform, ledger, telemetry, alerts, archive, broker, peerRegion } = props;
    super(scope, "drill-failover", {
      platform,
      description: `Does one step of a drill that strikes ${peerRegion}.`,
      errorImpact: "A drill does not go on; watch-drills ends what it has broken.",
      environment: {
        ...accountEnvironment(props),
        PEER_REGION: peerRegion,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["drill-failover"]),
      memoryMebibytes: 512,
      errorsPage: "failover-drill",
      errorsTolerated: 5,
    });
    // It reads the ledger, and records in the audit what it breaks.
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepDrills(this);
    broker.grantValue(this);
    allowExperiments(this, Stack.of(this).account, peerRegion, "startAndStop");
  }
}
