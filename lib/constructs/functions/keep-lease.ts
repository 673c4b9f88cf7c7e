import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/keep-lease/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";

/** What the function reaches. */
export type KeepLeaseProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
  readonly failures: DeadLetterQueue;
  /** Whether a dead Region is replaced without a person. */
  readonly isFailoverAutomatic: boolean;
};

/** Keeps or watches the lease of an account; only where there are two Regions. */
export class KeepLease extends GuardedFunction {
  constructor(scope: Construct, props: KeepLeaseProps) {
    const { platform, ledger, telemetry, alerts, archive, broker, brokerUrl, failures } = props;
    const { isFailoverAutomatic } = props;
    super(scope, "keep-lease", {
      platform,
      description:
        "Says that this Region is alive, watches the other one, and takes over from a dead one.",
      errorImpact:
        "This Region looks dead to the other one, or a dead one is not replaced: fail over by hand.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
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
    ledger.grantReadWrite(this, platform.keys.tables);
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepAside(this);
    broker.grantValue(this);
  }
}
