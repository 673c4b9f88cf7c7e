import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/verify-restore/env.ts";
import { TEST_TABLE_PREFIX } from "../../../shared/domain/backup/restored-table.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { acknowledge } from "../acknowledge.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import { allow } from "../allow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import type { LockedBucket } from "../locked-bucket.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type VerifyRestoreProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly locked: LockedBucket;
};

/** All that is done to a temporary table, whose name no live one can have. */
const TEST_TABLE_ACTIONS = [
  "dynamodb:BatchWriteItem",
  "dynamodb:CreateTable",
  "dynamodb:DeleteTable",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:Query",
];

/** One slice of the daily restore test: it reads the live ledger and writes tables of its own. */
export class VerifyRestore extends GuardedFunction {
  constructor(scope: Construct, props: VerifyRestoreProps) {
    const { platform, ledger, telemetry, alerts, locked } = props;
    const { keys } = platform;
    super(scope, "verify-restore", {
      platform,
      description: "Rebuilds the newest backup into a table of its own, and checks what it means.",
      errorImpact: "It is not known whether the backups can be restored.",
      errorsPage: "restore-test-failed",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        TABLES_KEY_ARN: keys.tables.keyArn,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        LOCKED_BUCKET: locked.bucketName,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["verify-restore"]),
      // It unfolds one data file at a time.
      memoryMebibytes: 1_024,
      errorsTolerated: 1,
      reservedConcurrency: 1,
    });
    const stack = Stack.of(scope);
    const tables = stack.formatArn({
      service: "dynamodb",
      resource: "table",
      resourceName: `${TEST_TABLE_PREFIX}*`,
    });
    allow(this, TEST_TABLE_ACTIONS, [tables]);
    const reason = "Each test has a table of its own, named by its minute; no live one begins so.";
    for (const name of [tables, JSON.stringify(stack.resolve(tables))]) {
      acknowledge(this, `AwsSolutions-IAM5[Resource::${name}]`, reason);
    }
    const key = new PolicyStatement({
      actions: ["kms:CreateGrant", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"],
      resources: [keys.tables.keyArn],
      conditions: {
        StringEquals: { "kms:ViaService": `dynamodb.${stack.region}.amazonaws.com` },
      },
    });
    this.grantPrincipal.addToPrincipalPolicy(key);
    ledger.grantRead(this, keys.tables);
    telemetry.grantReadWrite(this, keys.tables);
    alerts.grantAlert(this);
    locked.grantFolder(this, "exports", "read");
    locked.grantFolder(this, "audit", "read");
    locked.grantFolder(this, "reports", "keep");
  }
}
