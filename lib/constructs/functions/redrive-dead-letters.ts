import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/redrive-dead-letters/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** What the function reaches. */
export type RedriveDeadLettersProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly marketData: WorkerQueue;
  readonly orders: WorkerQueue;
  readonly exits: WorkerQueue;
  readonly failures: DeadLetterQueue;
};

/** Redrives, drops or quarantines dead letters, and stores the ticks that were buffered. */
export class RedriveDeadLetters extends GuardedFunction {
  constructor(scope: Construct, props: RedriveDeadLettersProps) {
    const { platform, ledger, telemetry, alerts, archive, failures } = props;
    const { marketData, orders, exits } = props;
    super(scope, "redrive-dead-letters", {
      platform,
      description: "Redrives, drops or quarantines dead letters; stores ticks that were buffered.",
      errorImpact: "Dead letters and buffered ticks wait for a person; trading goes on.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        MARKET_DATA_QUEUE_URL: marketData.queue.queueUrl,
        ORDERS_QUEUE_URL: orders.queue.queueUrl,
        EXITS_QUEUE_URL: exits.queue.queueUrl,
        MARKET_DATA_DEAD_LETTER_QUEUE_URL: marketData.deadLetters.queueUrl,
        ORDERS_DEAD_LETTER_QUEUE_URL: orders.deadLetters.queueUrl,
        EXITS_DEAD_LETTER_QUEUE_URL: exits.deadLetters.queueUrl,
      } satisfies EnvInput,
      // API Gateway waits for 30 s at most.
      timeout: Duration.seconds(TIMEOUT_SECONDS["redrive-dead-letters"]),
      memoryMebibytes: 256,
      errorsTolerated: 1,
      // Two at once would only hide each other's letters.
      reservedConcurrency: 1,
      hasHeartbeat: true,
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    // The ledger says what is still needed; what is put aside is recorded in the audit.
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepLetters(this);
    for (const queue of [marketData, orders, exits]) queue.grantRedrive(this);
  }
}
