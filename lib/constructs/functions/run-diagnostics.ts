import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/run-diagnostics/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import { allow } from "../allow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** What the function reaches. */
export type RunDiagnosticsProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly marketData: WorkerQueue;
  readonly orders: WorkerQueue;
  readonly exits: WorkerQueue;
};

/** The steps of the heal workflow. */
export class RunDiagnostics extends GuardedFunction {
  constructor(scope: Construct, props: RunDiagnosticsProps) {
    const { platform, ledger, telemetry, alerts, marketData, orders, exits } = props;
    super(scope, "run-diagnostics", {
      platform,
      description: "Names what is wrong, and applies and verifies one remedy of an allow-list.",
      errorImpact: "Nothing heals by itself; a person has to act on every failure.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        POLICY_KEY_ARN: platform.keys.policy.keyArn,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        MARKET_DATA_DEAD_LETTER_QUEUE_URL: marketData.deadLetters.queueUrl,
        ORDERS_DEAD_LETTER_QUEUE_URL: orders.deadLetters.queueUrl,
        EXITS_DEAD_LETTER_QUEUE_URL: exits.deadLetters.queueUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["run-diagnostics"]),
      memoryMebibytes: 512,
      errorsPage: "healing",
      errorsTolerated: 1,
      reservedConcurrency: 1,
    });
    // It writes two things alone: that trading halts, and the limits that were signed.
    ledger.grantReadWrite(this, platform.keys.tables);
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    allow(this, ["kms:GetPublicKey"], [platform.keys.policy.keyArn]);
    alerts.grantAlert(this);
    for (const { deadLetters } of [marketData, orders, exits]) deadLetters.grantCount(this);
  }
}
