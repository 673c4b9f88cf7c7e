import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/open-cycle/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import { allow } from "../allow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";

/** What the function reaches. */
export type OpenCycleProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
  readonly marketDataUrl: string;
  /** The one Region that may open an account that is new. */
  readonly opensIn: string;
};

/** Decides whether a cycle runs: is the market open, and may this account trade? */
export class OpenCycle extends GuardedFunction {
  constructor(
    scope: Construct,
    {
      platform,
      ledger,
      telemetry,
      alerts,
      broker,
      brokerUrl,
      marketDataUrl,
      opensIn,
    }: OpenCycleProps,
  ) {
    super(scope, "open-cycle", {
      platform,
      description: "Is the market open, and may we trade?",
      errorImpact: "No trading cycle starts: no quotes, no new signals, exits wait.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        POLICY_KEY_ARN: platform.keys.policy.keyArn,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        OPENS_IN: opensIn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
        MARKET_DATA_URL: marketDataUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["open-cycle"]),
      memoryMebibytes: 512,
      isDrilled: true,
      errorsTolerated: 1,
    });
    // The first cycle of an account opens its control cell.
    ledger.grantReadWrite(this, platform.keys.tables);
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    allow(this, ["kms:GetPublicKey"], [platform.keys.policy.keyArn]);
    alerts.grantAlert(this);
    broker.grantValue(this);
  }
}
