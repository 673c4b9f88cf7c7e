import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { AlertsTopic } from "../constructs/alerts-topic.ts";
import { DeadLetterQueue } from "../constructs/dead-letter-queue.ts";
import { Notify } from "../constructs/functions/notify.ts";
import type { Platform } from "../constructs/platform.ts";
import type { TelemetryTable } from "../constructs/telemetry-table.ts";
import type { VendorSecret } from "../constructs/vendor-secret.ts";
import type { Watched } from "../constructs/watched.ts";

/** Whom to tell and how. */
export type AlertsStackProps = StackProps & {
  readonly platform: Platform;
  readonly telemetry: TelemetryTable;
  readonly pager: VendorSecret;
  readonly pagerUrl: string;
  /** A person's address that is told of everything besides the pager. */
  readonly alarmEmail?: string;
};

/** From an alert to a person. */
export class AlertsStack extends Stack {
  readonly topic: AlertsTopic;
  readonly watched: readonly Watched[];

  constructor(scope: Construct, id: string, props: AlertsStackProps) {
    super(scope, id, props);
    const { platform, alarmEmail } = props;
    this.topic = new AlertsTopic(this, "alerts", { key: platform.keys.messages });
    const undelivered = new DeadLetterQueue(this, "undelivered-alerts", {
      key: platform.keys.messages,
      errorImpact: "An alert was not delivered: nobody was paged for it.",
    });
    if (alarmEmail !== undefined) this.topic.addPerson(alarmEmail, undelivered);
    const notify = new Notify(this, { ...props, alerts: this.topic, undelivered });
    this.watched = [this.topic, undelivered, notify];
  }
}
