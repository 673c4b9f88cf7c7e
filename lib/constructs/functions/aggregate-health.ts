import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/aggregate-health/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type AggregateHealthProps = {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly failures: DeadLetterQueue;
  /** The other Region, whose silence is told; absent where there is one. */
  readonly peerRegion?: string | undefined;
  /** Told each minute that all is well enough; absent where nobody outside listens. */
  readonly monitorUrl?: string | undefined;
};

/** Derives health from evidence and alerts on its transitions. */
export class AggregateHealth extends GuardedFunction {
  constructor(scope: Construct, props: AggregateHealthProps) {
    const { platform, telemetry, alerts, failures, peerRegion, monitorUrl } = props;
    super(scope, "aggregate-health", {
      platform,
      description: "Derives health from evidence and alerts on its transitions.",
      errorImpact: "Health is not derived: nobody is told when trading stops.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.tableName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        ...(peerRegion === undefined ? {} : { PEER_REGION: peerRegion }),
        ...(monitorUrl === undefined ? {} : { MONITOR_URL: monitorUrl }),
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["aggregate-health"]),
      memoryMebibytes: 256,
      errorsTolerated: 1,
      // One at a time: a transition is announced once.
      reservedConcurrency: 1,
      hasHeartbeat: true,
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
  }
}
