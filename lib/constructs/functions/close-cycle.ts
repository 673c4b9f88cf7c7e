import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/close-cycle/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import { GuardedFunction } from "../guarded-function.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches. */
export type CloseCycleProps = {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
};

/** Counts the funnel and writes the evidence that a cycle happened. */
export class CloseCycle extends GuardedFunction {
  constructor(scope: Construct, { platform, telemetry }: CloseCycleProps) {
    super(scope, "close-cycle", {
      platform,
      description: "Counts the funnel and writes the evidence that the cycle happened.",
      errorImpact: "Cycles leave no evidence: health turns unknown, though polling goes on.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.tableName,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["close-cycle"]),
      memoryMebibytes: 256,
      errorsTolerated: 1,
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
  }
}
