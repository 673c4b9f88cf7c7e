import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/reconcile-orders/env.ts";
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
export type ReconcileOrdersProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
  readonly failures: DeadLetterQueue;
};

/** Settles unknown orders, takes fills and compares the ledger with the broker. */
export class ReconcileOrders extends GuardedFunction {
  constructor(scope: Construct, props: ReconcileOrdersProps) {
    const { platform, ledger, telemetry, alerts, archive, broker, brokerUrl, failures } = props;
    super(scope, "reconcile-orders", {
      platform,
      description: "Settles unknown orders, takes fills, compares the ledger with the broker.",
      errorImpact: "Unknown orders stay unknown and fills go unseen: their symbols are blocked.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
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
    ledger.grantReadWrite(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepAside(this);
    broker.grantValue(this);
  }
}
