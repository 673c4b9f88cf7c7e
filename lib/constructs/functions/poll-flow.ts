import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/poll-flow/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { GuardedFunction } from "../guarded-function.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";

/** What the function reaches. */
export type PollFlowProps = {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
  readonly flow: VendorSecret;
  readonly flowUrl: string;
};

/** Fetches options flow and what belongs to it. */
export class PollFlow extends GuardedFunction {
  constructor(scope: Construct, { platform, telemetry, flow, flowUrl }: PollFlowProps) {
    super(scope, "poll-flow", {
      platform,
      description: "Fetches options flow, dark pool prints and what belongs to them.",
      errorImpact: "Flow grows stale: health degrades, and entries stop while exits go on.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.tableName,
        FLOW_SECRET_ARN: flow.secretArn,
        FLOW_URL: flowUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["poll-flow"]),
      memoryMebibytes: 512,
      isShifted: true,
      errorsTolerated: 2,
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
    flow.grantValue(this);
  }
}
