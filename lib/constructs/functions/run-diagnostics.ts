import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/run-diagnostics/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type RunDiagnosticsProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
};

/** The steps of the heal workflow. */
export class RunDiagnostics extends GuardedFunction {
  constructor(scope: Construct, { platform, ledger, telemetry, alerts }: RunDiagnosticsProps) {
    super(scope, "run-diagnostics", {
      platform,
      description: "Names what is wrong, and applies and verifies one remedy of an allow-list.",
      errorImpact: "Nothing heals by itself; a person has to act on every failure.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.table.tableName,
        TELEMETRY_TABLE: telemetry.table.tableName,
        ALERTS_TOPIC_ARN: alerts.topicArn,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["run-diagnostics"]),
      memoryMebibytes: 512,
      errorsPage: "healing",
      errorsTolerated: 1,
      reservedConcurrency: 1,
    });
    // It writes one thing alone: that trading halts.
    ledger.grantReadWrite(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
  }
}
