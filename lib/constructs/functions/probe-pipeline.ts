import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/probe-pipeline/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import { addSilenceAlarm } from "../silence-alarm.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import { titleOf } from "../watched.ts";

const ERROR_IMPACT = "Nobody proves that a signal could become an order; healing believes nothing.";

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
      errorImpact: ERROR_IMPACT,
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS["probe-pipeline"]),
      memoryMebibytes: 512,
      errorsPage: "healing",
      errorsTolerated: 1,
      reservedConcurrency: 1,
      whenAsynchronous: { retries: 1, ageMax: Duration.minutes(5), failures },
    });
    ledger.grantReadWrite(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
  }

  /** Adds its row and alarms, and one for its silence: it runs every 15 minutes. */
  override watch(monitoring: MonitoringFacade, runbooks: string): void {
    super.watch(monitoring, runbooks);
    addSilenceAlarm(monitoring, runbooks, {
      title: titleOf(this),
      errorImpact: ERROR_IMPACT,
      metric: this.function.metricInvocations({
        period: Duration.minutes(15),
        statistic: Stats.SUM,
      }),
    });
  }
}
