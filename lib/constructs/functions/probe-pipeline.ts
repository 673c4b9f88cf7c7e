import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/probe-pipeline/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";

/** What the function reaches: no vendor, no secret, no queue of orders. */
export type ProbePipelineProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly failures: DeadLetterQueue;
};

/** Sends a made-up signal the whole way of an order, up to a broker that is none. */
export class ProbePipeline extends GuardedFunction {
  constructor(scope: Construct, props: ProbePipelineProps) {
    const { platform, ledger, telemetry, failures } = props;
    super(scope, "probe-pipeline", {
      platform,
      description: "Sends a made-up signal the whole way of an order, to a broker that is none.",
      errorImpact: "Nobody proves that a signal could become an order; healing believes nothing.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["probe-pipeline"]),
      memoryMebibytes: 512,
      errorsPage: "healing",
      errorsTolerated: 1,
      runsEvery: Duration.minutes(15),
      reservedConcurrency: 1,
      whenAsynchronous: { retries: 1, ageMax: Duration.minutes(5), failures },
    });
    ledger.grantReadWrite(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
  }
}
