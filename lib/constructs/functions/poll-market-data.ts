import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/poll-market-data/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import { GuardedFunction } from "../guarded-function.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** What the function reaches. */
export type PollMarketDataProps = {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
  readonly marketData: WorkerQueue;
  readonly archive: ArchiveBucket;
  readonly alerts: AlertsTopic;
  /** Alpaca's credentials are the broker's. */
  readonly broker: VendorSecret;
  readonly vendorKeys: VendorSecret;
  readonly marketDataUrl: string;
  readonly polygonUrl: string;
  readonly yahooUrl: string;
  readonly tiingoUrl: string;
};

/** Fetches, validates and publishes the quotes of one shard of symbols. */
export class PollMarketData extends GuardedFunction {
  constructor(scope: Construct, props: PollMarketDataProps) {
    const { platform, telemetry, archive, marketData, alerts, broker, vendorKeys } = props;
    super(scope, "poll-market-data", {
      platform,
      description: "Fetches, validates and publishes the quotes of one shard of symbols.",
      errorImpact: "Symbols are not polled: no new signals in them, exits use older quotes.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        MARKET_DATA_QUEUE_URL: marketData.queue.queueUrl,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        VENDOR_KEYS_SECRET_ARN: vendorKeys.secretArn,
        MARKET_DATA_URL: props.marketDataUrl,
        POLYGON_URL: props.polygonUrl,
        YAHOO_URL: props.yahooUrl,
        TIINGO_URL: props.tiingoUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["poll-market-data"]),
      memoryMebibytes: 512,
      isShifted: true,
      errorsTolerated: 2,
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
    marketData.grantSend(this);
    archive.grantBuffer(this);
    alerts.grantAlert(this);
    broker.grantValue(this);
    vendorKeys.grantValue(this);
  }
}
