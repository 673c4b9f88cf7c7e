import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/poll-market-data/env.ts";
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
  /** The market data's credentials are the broker's. */
  readonly broker: VendorSecret;
  readonly marketDataUrl: string;
};

/** Fetches, validates and publishes the quotes of one shard of symbols. */
export class PollMarketData extends GuardedFunction {
  constructor(scope: Construct, props: PollMarketDataProps) {
    const { platform, telemetry, archive, marketData, broker, marketDataUrl } = props;
    super(scope, "poll-market-data", {
      platform,
      description: "Fetches, validates and publishes the quotes of one shard of symbols.",
      errorImpact: "Symbols are not polled: no new signals in them, exits use older quotes.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.table.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        MARKET_DATA_QUEUE_URL: marketData.queue.queueUrl,
        BROKER_SECRET_ARN: broker.secretArn,
        MARKET_DATA_URL: marketDataUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(20),
      memoryMebibytes: 512,
      errorsTolerated: 2,
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
    marketData.grantSend(this);
    archive.grantBuffer(this);
    broker.grantValue(this);
  }
}
