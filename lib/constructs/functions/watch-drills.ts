import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/watch-drills/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { allowExperiments } from "../allow-experiments.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type WatchDrillsProps = {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly failures: DeadLetterQueue;
  /** The Region whose faults it ends. */
  readonly peerRegion: string;
};

/** Ends what drills left broken; it can start nothing. */
export class WatchDrills extends GuardedFunction {
  constructor(scope: Construct, props: WatchDrillsProps) {
    const { platform, telemetry, alerts, archive, failures, peerRegion } = props;
    super(scope, "watch-drills", {
      platform,
      description: `Ends what drills left broken in ${peerRegion}.`,
      errorImpact: "What a drill broke ends only when its own ten minutes are over.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        PEER_REGION: peerRegion,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["watch-drills"]),
      memoryMebibytes: 256,
      errorsPage: "failover-drill",
      errorsTolerated: 1,
      runsEvery: Duration.minutes(5),
      // The next run does it again.
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepDrills(this);
    allowExperiments(this, Stack.of(this).account, peerRegion, "stop");
  }
}
