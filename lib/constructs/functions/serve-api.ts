import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/serve-api/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import type { LockedBucket } from "../locked-bucket.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type ServeApiProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly archive: ArchiveBucket;
  readonly locked: LockedBucket;
  /** What the other Region's locked bucket is copied into; absent where there is one Region. */
  readonly copies: LockedBucket | undefined;
};

/** Answers the operator's questions; it can change nothing. */
export class ServeApi extends GuardedFunction {
  constructor(scope: Construct, props: ServeApiProps) {
    const { platform, ledger, telemetry, archive, locked, copies } = props;
    super(scope, "serve-api", {
      platform,
      description: "Answers the operator's questions; it can change nothing.",
      errorImpact: "Operators see neither health nor positions through the API; trading goes on.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        LOCKED_BUCKET: locked.bucketName,
        ...(copies === undefined ? {} : { COPIES_BUCKET: copies.bucketName }),
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["serve-api"]),
      memoryMebibytes: 512,
      isShifted: true,
      errorsTolerated: 2,
    });
    ledger.grantRead(this, platform.keys.tables);
    telemetry.grantRead(this, platform.keys.tables);
    archive.grantReports(this);
    locked.grantFolder(this, "audit", "read");
    copies?.grantFolder(this, "audit", "read");
  }
}
