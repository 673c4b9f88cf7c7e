import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/control-trading/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { ArchiveBucket } from "../archive-bucket.ts";
import type { FailoverWorkflow } from "../failover-workflow.ts";
import type { HealWorkflow } from "../heal-workflow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** What the function reaches. */
export type ControlTradingProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly archive: ArchiveBucket;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
  readonly exits: WorkerQueue;
  readonly heal: HealWorkflow;
  /** Absent where there is one Region. */
  readonly failover: FailoverWorkflow | undefined;
};

/** Fulfils operators' wishes: halt, flatten, resume by two, reconcile. It can send exits only. */
export class ControlTrading extends GuardedFunction {
  constructor(scope: Construct, props: ControlTradingProps) {
    const { platform, ledger, telemetry, alerts, archive, broker, brokerUrl, exits } = props;
    const workflow = props.failover?.stateMachine.stateMachineArn;
    super(scope, "control-trading", {
      platform,
      description: "Halts, flattens, resumes by two principals and reconciles, as operators wish.",
      errorImpact: "Operators cannot halt or flatten through the API: stop trading at the broker.",
      errorsPage: "control-trading-errors",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        EXITS_QUEUE_URL: exits.queue.queueUrl,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
        HEAL_WORKFLOW_ARN: props.heal.stateMachine.stateMachineArn,
        ...(workflow === undefined ? {} : { FAILOVER_WORKFLOW_ARN: workflow }),
      } satisfies EnvInput,
      // API Gateway waits for 30 s at most.
      timeout: Duration.seconds(TIMEOUT_SECONDS["control-trading"]),
      memoryMebibytes: 512,
      errorsTolerated: 0,
      // Whatever else runs, the wish to stop is heard.
      reservedConcurrency: 2,
    });
    ledger.grantReadWrite(this, platform.keys.tables);
    ledger.grantAudit(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    alerts.grantAlert(this);
    archive.grantKeepAside(this);
    broker.grantValue(this);
    exits.grantSend(this);
    props.heal.grantStart(this);
    props.failover?.grantStart(this);
  }
}
