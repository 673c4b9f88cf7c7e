import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import * as z from "zod";
import type { EnvInput } from "../../../lambdas/back-up/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { acknowledge } from "../acknowledge.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import { allow } from "../allow.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import type { LockedBucket } from "../locked-bucket.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type BackUpProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly locked: LockedBucket;
  readonly failures: DeadLetterQueue;
};

/** Has DynamoDB export both tables into the locked bucket, and says how old the backups are. */
export class BackUp extends GuardedFunction {
  constructor(scope: Construct, props: BackUpProps) {
    const { platform, ledger, telemetry, alerts, locked, failures } = props;
    const [ledgerArn, telemetryArn] = [ledger.arnFor(scope), telemetry.arnFor(scope)];
    super(scope, "back-up", {
      platform,
      description: "Exports the ledger hourly and telemetry daily, and says how old backups are.",
      errorImpact: "The ledger is not exported; point-in-time recovery goes on.",
      errorsPage: "backup-missing",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE_ARN: ledgerArn,
        TELEMETRY_TABLE: telemetry.tableName,
        TELEMETRY_TABLE_ARN: telemetryArn,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        LOCKED_BUCKET: locked.bucketName,
        LOCKED_KEY_ARN: platform.keys.locked.keyArn,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["back-up"]),
      memoryMebibytes: 256,
      errorsTolerated: 1,
      // Two at once would only ask for the same export.
      reservedConcurrency: 1,
      hasHeartbeat: true,
      whenAsynchronous: { retries: 0, ageMax: Duration.minutes(1), failures },
    });
    for (const tableArn of [ledgerArn, telemetryArn]) {
      allow(this, ["dynamodb:ExportTableToPointInTime"], [tableArn]);
      this.#allowDescribing(`${tableArn}/export/*`);
    }
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    // DynamoDB writes exports in the name of who asks for them.
    locked.grantFolder(this, "exports", "keep");
  }

  #allowDescribing(exports: string): void {
    allow(this, ["dynamodb:DescribeExport"], [exports]);
    const reason = "DynamoDB names each export by itself, below the table that it is of.";
    const resolved: unknown = Stack.of(this).resolve(exports);
    for (const name of [JSON.stringify(resolved), flatNameOf(resolved)]) {
      acknowledge(this, `AwsSolutions-IAM5[Resource::${name}]`, reason);
    }
  }
}

const Imported = z
  .object({ "Fn::ImportValue": z.string() })
  .transform((one) => one["Fn::ImportValue"]);
const Joined = z.object({
  "Fn::Join": z.tuple([z.literal(""), z.array(z.union([z.string(), Imported]))]),
});

/** As cdk-nag spells an expression: its text, with the names of what is imported. */
const flatNameOf = (resolved: unknown): string =>
  typeof resolved === "string" ? resolved : Joined.parse(resolved)["Fn::Join"][1].join("");
