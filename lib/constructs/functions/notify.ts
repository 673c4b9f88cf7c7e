import { Duration } from "aws-cdk-lib";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { EnvInput } from "../../../lambdas/notify/env.ts";
import { TIMEOUT_SECONDS } from "../../../shared/runtime/function-limits.ts";
import type { AlertsTopic } from "../alerts-topic.ts";
import type { DeadLetterQueue } from "../dead-letter-queue.ts";
import { GuardedFunction } from "../guarded-function.ts";
import { commonEnvironment, type Platform } from "../platform.ts";
import type { TelemetryTable } from "../telemetry-table.ts";
import type { VendorSecret } from "../vendor-secret.ts";

/** What the function reaches, and the topic that wakes it. */
export type NotifyProps = {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
  readonly alerts: AlertsTopic;
  readonly pager: VendorSecret;
  readonly pagerUrl: string;
  /** Where alerts go that the pager did not take. */
  readonly undelivered: DeadLetterQueue;
};

/** Hands alerts to the pager. */
export class Notify extends GuardedFunction {
  constructor(scope: Construct, props: NotifyProps) {
    const { platform, telemetry, alerts, pager, pagerUrl, undelivered } = props;
    super(scope, "notify", {
      platform,
      description: "Hands alerts to the pager.",
      errorImpact: "Nobody is paged: alerts wait where only the dashboard shows them.",
      environment: {
        ...commonEnvironment(platform),
        TELEMETRY_TABLE: telemetry.tableName,
        PAGERDUTY_SECRET_ARN: pager.secretArn,
        PAGERDUTY_URL: pagerUrl,
      } satisfies EnvInput,
      timeout: Duration.seconds(TIMEOUT_SECONDS.notify),
      memoryMebibytes: 256,
      errorsTolerated: 0,
      whenAsynchronous: { retries: 2, ageMax: Duration.hours(1), failures: undelivered },
    });
    telemetry.grantReadWrite(this, platform.keys.tables);
    pager.grantValue(this);
    // SNS itself keeps what it could not hand over; Lambda keeps what the function failed on.
    alerts.addSubscription(new LambdaSubscription(this.function, { deadLetterQueue: undelivered }));
  }
}
