import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { MonitoringFacade } from "cdk-monitoring-constructs";
import { Construct } from "constructs";
import { VISIBILITY_TIMEOUTS } from "../../shared/runtime/function-limits.ts";
import { acknowledge } from "./acknowledge.ts";
import { allow } from "./allow.ts";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import type { GuardedFunction } from "./guarded-function.ts";
import { quietAlarm, titleOf, type Watched } from "./watched.ts";

/** What must be decided for each queue. */
export type WorkerQueueProps = {
  readonly key: IKey;
  /** What users lose when messages stay here or die; it becomes the text of its alarms. */
  readonly errorImpact: string;
  /** The time-out of the function that will consume it. */
  readonly consumerTimeout: Duration;
  /** Deliveries before a message is dead. */
  readonly receivesMax: number;
  /** The age of the oldest message that is an alarm. */
  readonly ageMax: Duration;
  /** `standard`, or FIFO under this name without its suffix: FIFO queues alone are named by us. */
  readonly kind: { readonly type: "standard" } | { readonly type: "fifo"; readonly name: string };
};

/** How a queue is handed to its function. */
export type Consumption = {
  /** Messages an invocation, at most 10. */
  readonly batchSize: number;
  /** Invocations at the same time, at least 2 (AWS's least; one at a time comes from the group). */
  readonly concurrencyMax: number;
};

/** A queue, its dead-letter queue of the same kind, and the alarms of both. */
export class WorkerQueue extends Construct implements Watched {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  readonly #props: WorkerQueueProps;

  constructor(scope: Construct, id: string, props: WorkerQueueProps) {
    super(scope, id);
    const { key, kind, errorImpact } = props;
    this.deadLetters = new DeadLetterQueue(this, "dead-letters", {
      key,
      errorImpact,
      ...(kind.type === "fifo" ? { fifoName: `${kind.name}-dead-letters.fifo` } : {}),
    });
    this.queue = new Queue(this, "queue", {
      ...(kind.type === "fifo" ? { queueName: `${kind.name}.fifo`, fifo: true } : {}),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.consumerTimeout.toSeconds() * VISIBILITY_TIMEOUTS),
      // Expiry would lose a message without a trace; what is too old is shed by its reader, aloud.
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.receivesMax },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#props = props;
  }

  /** Allows to send, which takes the key as well. */
  grantSend(grantee: IGrantable): void {
    allow(grantee, ["sqs:SendMessage"], [this.queue.queueArn]);
    allow(grantee, ["kms:Decrypt", "kms:GenerateDataKey"], [this.#props.key.keyArn]);
  }

  /** Allows to have a message that is in flight come again at another time. */
  grantReturn(grantee: IGrantable): void {
    allow(grantee, ["sqs:ChangeMessageVisibility"], [this.queue.queueArn]);
  }

  /** Allows to take dead letters, and to send them back. */
  grantRedrive(grantee: IGrantable): void {
    this.deadLetters.grantTend(grantee);
    this.grantSend(grantee);
  }

  /** Hands the messages to `consumer`, which answers for each one of a batch. */
  feed(consumer: GuardedFunction, { batchSize, concurrencyMax }: Consumption): void {
    const receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    allow(consumer, receive, [this.queue.queueArn]);
    allow(consumer, ["kms:Decrypt"], [this.#props.key.keyArn]);
    const mapping = new EventSourceMapping(this, "consumer", {
      target: consumer.function,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxConcurrency: concurrencyMax,
      reportBatchItemFailures: true,
    });
    // Lambda checks, when the mapping is made, that the role may read the queue.
    mapping.node.addDependency(consumer.function.role ?? consumer);
    acknowledge(
      mapping,
      "Serverless-LambdaEventSourceMappingDestination",
      "SQS itself moves what fails to the dead-letter queue; a destination is for streams.",
    );
  }

  /** Adds the rows of both queues, and the alarms for age and for dead letters. */
  watch(monitoring: MonitoringFacade, runbooks: string): void {
    const { errorImpact, ageMax } = this.#props;
    monitoring.monitorSqsQueue({
      queue: this.queue,
      humanReadableName: titleOf(this),
      alarmFriendlyName: titleOf(this),
      addQueueMaxMessageAgeAlarm: {
        Critical: {
          ...quietAlarm(runbooks, { errorImpact, page: "queue-stuck" }),
          maxAgeInSeconds: ageMax.toSeconds(),
          period: Duration.minutes(1),
          datapointsToAlarm: 2,
        },
      },
    });
    this.deadLetters.watch(monitoring, runbooks);
  }
}
