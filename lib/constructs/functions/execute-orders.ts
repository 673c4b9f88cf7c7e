import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/execute-orders/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import { allow } from "../allow.ts";
import { GuardedFunction } from "../guarded-function.ts";
import type { LedgerTable } from "../ledger-table.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";
import type { WorkerQueue } from "../worker-queue.ts";

/** How long an invocation may take; the visibility of its queues follows from it. */
export const EXECUTE_ORDERS_TIMEOUT = Duration.seconds(TIMEOUT_SECONDS["execute-orders"]);

/** What the function reaches. */
export type ExecuteOrdersProps = {
  readonly platform: Platform;
  readonly ledger: LedgerTable;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly orders: WorkerQueue;
  readonly exits: WorkerQueue;
  readonly broker: VendorSecret;
  readonly brokerUrl: string;
};

/** Guards, claims, submits and records orders: the only function that sends them. */
export class ExecuteOrders extends GuardedFunction {
  constructor(scope: Construct, props: ExecuteOrdersProps) {
    const { platform, ledger, telemetry, alerts, orders, exits, broker, brokerUrl } = props;
    super(scope, "execute-orders", {
      platform,
      description: "Guards, claims, submits and records orders.",
      errorImpact: "Orders are not sent: entries expire, exits wait in their queue.",
      environment: {
        ...commonEnvironment(platform),
        LEDGER_TABLE: ledger.tableName,
        TELEMETRY_TABLE: telemetry.tableName,
        POLICY_KEY_ARN: platform.keys.policy.keyArn,
        EXITS_QUEUE_URL: exits.queue.queueUrl,
        ORDERS_DEAD_LETTER_QUEUE_URL: orders.deadLetters.queueUrl,
        EXITS_DEAD_LETTER_QUEUE_URL: exits.deadLetters.queueUrl,
        ALERTS_TOPIC_ARN: alerts.topicArn,
        BROKER_SECRET_ARN: broker.secretArn,
        BROKER_URL: brokerUrl,
      } satisfies EnvInput,
      timeout: EXECUTE_ORDERS_TIMEOUT,
      memoryMebibytes: 1_024,
      isDrilled: true,
      errorsTolerated: 0,
      // Two queues with two pollers each: no burst elsewhere in the account may hold up an exit.
      reservedConcurrency: 4,
    });
    ledger.grantReadWrite(this, platform.keys.tables);
    telemetry.grantReadWrite(this, platform.keys.tables);
    allow(this, ["kms:GetPublicKey"], [platform.keys.policy.keyArn]);
    alerts.grantAlert(this);
    broker.grantValue(this);
    // What can never succeed is put aside at once instead of blocking its group until it expires.
    orders.deadLetters.grantDelivery(this);
    exits.deadLetters.grantDelivery(this);
    // An exit that failed comes again within seconds: its bracket may be cancelled already.
    exits.grantReturn(this);
  }
}
