import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/keep-audit/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import type { LockedBucket } from "../locked-bucket.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type KeepAuditProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly locked: LockedBucket;
  /** What the other Region's locked bucket is copied into; absent where there is one Region. */
  readonly copies: LockedBucket | undefined;
  readonly failures: DeadLetterQueue;
};

/** Seals orders into the audit, keeps its records in the locked bucket, and verifies them. */
export class KeepAudit extends GuardedFunction {
  constructor(scope: Construct, props: KeepAuditProps) {
    const { platform, ledger, telemetry, alerts, locked, copies, failures } = props;
    super(scope, "keep-audit", {
      platform,
      description: "Seals orders into the audit, keeps its records locked, and verifies them.",
      errorImpact:
        "Orders are not sealed into the audit: they trade on, and are sealed once it runs again.",
      errorsPage: "audit-chain",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        LOCKED_BUCKET: locked.bucketName,
        ...(copies === undefined ? {} : { COPIES_BUCKET: copies.bucketName }),
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["keep-audit"]),
      memoryMebibytes: 256,
      errorsTolerated: 1,
      reservedConcurrency: 1,
      hasHeartbeat: true,
      // The next minute's run goes on where this one failed.
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    locked.grantFolder(this, "audit", "keep");
    copies?.grantFolder(this, "audit", "read");
  }
}
