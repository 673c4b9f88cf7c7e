import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** What lies here and what it means that it does. */
export type DeadLetterQueueProps = {
  readonly key: IKey;
  /** What users lose when a message ends here; it becomes the alarm's text. */
  readonly errorImpact: string;
  /** Ends in `.fifo`: the dead-letter queue of a FIFO queue must be FIFO as well. */
  readonly fifoName?: string;
};

/** Where messages end that could not be handled: kept 14 days, and one message is an alarm. */
export class DeadLetterQueue extends Queue implements Watched {
  readonly #props: DeadLetterQueueProps;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      ...(props.fifoName === undefined ? {} : { queueName: props.fifoName, fifo: true }),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      // As long as tending one run of letters may take, six times over.
      visibilityTimeout: Duration.minutes(3),
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#props = props;
    const reason = "A dead-letter queue ends the chain: one message here raises an alarm instead.";
    acknowledge(this, "AwsSolutions-SQS3", reason);
    acknowledge(this, "Serverless-SQSRedrivePolicy", reason);
  }

  /** Allows to put messages here, which takes the key as well. */
  grantDelivery(grantee: IGrantable): void {
    allow(grantee, ["sqs:SendMessage"], [this.queueArn]);
    allow(grantee, ["kms:Decrypt", "kms:GenerateDataKey"], [this.#props.key.keyArn]);
  }

  /** Allows to read and to remove what lies here, which takes the key as well. */
  grantTend(grantee: IGrantable): void {
    const tend = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"];
    allow(grantee, tend, [this.queueArn]);
    allow(grantee, ["kms:Decrypt"], [this.#props.key.keyArn]);
  }

  /** Allows to count what lies here, and to read none of it. */
  grantCount(grantee: IGrantable): void {
    allow(grantee, ["sqs:GetQueueAttributes"], [this.queueArn]);
  }

  /** Adds the row, and the alarm at one message. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const { errorImpact } = this.#props;
    monitoring.monitorSqsQueue({
      queue: this,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addQueueMaxSizeAlarm: {
        Critical: {
          ...quietAlarm(runbooks, { errorImpact, page: "dead-letters" }),
          maxMessageCount: 0,
          period: Duration.minutes(1),
          datapointsToAlarm: 1,
        },
      },
    });
  }
}
