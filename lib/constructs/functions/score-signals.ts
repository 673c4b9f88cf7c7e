import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/score-signals/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import { allow } from "../allow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** How long an invocation may take; its queue's visibility follows from it. */
export const SCORE_SIGNALS_TIMEOUT = Duration.seconds(TIMEOUT_SECONDS["score-signals"]);

/** What the function reaches. */
export type ScoreSignalsProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly marketData: WorkerQueue;
  readonly orders: WorkerQueue;
  readonly exits: WorkerQueue;
  readonly archive: ArchiveBucket;
};

/** Scores a shard's quotes and publishes intents: entries and exits apart. */
export class ScoreSignals extends GuardedFunction {
  constructor(scope: Construct, props: ScoreSignalsProps) {
    const { platform, ledger, telemetry, marketData, orders, exits, archive } = props;
    super(scope, "score-signals", {
      platform,
      description: "Scores quotes and publishes order intents.",
      errorImpact: "No entry and no exit is decided: open positions keep only broker-side stops.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        POLICY_KEY_ARN: platform.keys.policy.keyArn,
        ORDERS_QUEUE_URL: orders.queue.queueUrl,
        EXITS_QUEUE_URL: exits.queue.queueUrl,
        MARKET_DATA_DEAD_LETTER_QUEUE_URL: marketData.deadLetters.queueUrl,
        ARCHIVE_BUCKET: archive.bucketName,
      } satisfies EnvInput,
      timeout: SCORE_SIGNALS_TIMEOUT,
      memoryMebibytes: 1_024,
      isDrilled: true,
      errorsTolerated: 1,
    });
    ledger.grantRead(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    allow(this, ["kms:GetPublicKey"], [platform.keys.policy.keyArn]);
    orders.grantSend(this);
    exits.grantSend(this);
    // What can never be read is put aside at once.
    marketData.deadLetters.grantDelivery(this);
    archive.grantBodies(this);
  }
}
