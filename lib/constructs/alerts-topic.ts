import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** What encrypts the alerts. */
export type AlertsTopicProps = { readonly key: IKey };

/** Where functions and alarms say that a person may have to act. */
export class AlertsTopic extends Topic implements Watched {
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { key }: AlertsTopicProps) {
    super(scope, id, { displayName: "Holdfast alerts", masterKey: key, enforceSSL: true });
    this.#key = key;
    const { account } = Stack.of(this);
    const fromThisAccount = { StringEquals: { "aws:SourceAccount": account } };
    const cloudWatch = [new ServicePrincipal("cloudwatch.amazonaws.com")];
    // A topic with a policy of its own, which TLS needs, no longer lets alarms in by default.
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsMayPublish",
        principals: cloudWatch,
        actions: ["sns:Publish"],
        resources: [this.topicArn],
        conditions: fromThisAccount,
      }),
    );
  }

  /** Allows to publish, which takes the key as well. */
  grantAlert(grantee: IGrantable): void {
    allow(grantee, ["sns:Publish"], [this.topicArn]);
    allow(grantee, ["kms:Decrypt", "kms:GenerateDataKey"], [this.#key.keyArn]);
  }

  /** Adds a person's address, told of everything, even when the pager's function is what broke. */
  addPerson(address: string, undelivered: DeadLetterQueue): Subscription {
    return new Subscription(this, "person", {
      topic: this,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: address,
      deadLetterQueue: undelivered,
    });
  }

  /** Adds its row, and the alarm when a subscriber did not take a message. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const errorImpact = "An alert did not reach the pager.";
    monitoring.monitorSnsTopic({
      topic: this,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addMessageNotificationsFailedAlarm: {
        Critical: {
          ...quietAlarm(runbooks, { errorImpact, page: "alerts-undelivered" }),
          maxNotificationsFailedCount: 0,
          period: Duration.minutes(1),
        },
      },
    });
  }
}
