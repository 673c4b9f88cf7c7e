import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/fail-over/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";

/** What the function reaches. */
export type FailOverProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
};

/** One step of the failover workflow; only where there are two Regions. */
export class FailOver extends GuardedFunction {
  constructor(scope: Construct, props: FailOverProps) {
    const { platform, ledger, telemetry, alerts, archive, broker, brokerUrl } = props;
    super(scope, "fail-over", {
      platform,
      description: "Does one step of a failover into this Region.",
      errorImpact: "A failover by hand does not go on; keep-lease finishes what it has begun.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["fail-over"]),
      memoryMebibytes: 512,
      errorsPage: "failover",
      errorsTolerated: 1,
      reservedConcurrency: 1,
    });
    ledger.grantReadWrite(this, platform.keys.tables);
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepAside(this);
    broker.grantValue(this);
  }
}
