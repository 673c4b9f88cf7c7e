import {
  at,
  finding,
  isSame,
  list,
  resources,
  target,
  type Placed,
  type Rule,
} from "../template-set.ts";
import type { TemplateSet } from "../template-set.ts";

const QUEUE = "AWS::SQS::Queue";
const MAPPING = "AWS::Lambda::EventSourceMapping";

/** The queue that takes what another one gives up. */
const deadLettersOf = (set: TemplateSet, queue: Placed): Placed | undefined =>
  target(set, queue.stack, at(queue.properties, "RedrivePolicy", "deadLetterTargetArn"));

/** Where queues stand as the end of something: a queue, a schedule, a subscription, a function. */
const END_PATHS: Readonly<Record<string, readonly string[]>> = {
  [QUEUE]: ["RedrivePolicy", "deadLetterTargetArn"],
  "AWS::Scheduler::Schedule": ["Target", "DeadLetterConfig", "Arn"],
  "AWS::SNS::Subscription": ["RedrivePolicy", "deadLetterTargetArn"],
  "AWS::Lambda::EventInvokeConfig": ["DestinationConfig", "OnFailure", "Destination"],
};

/** Whether something hands its failures to this queue: it is a dead-letter queue itself. */
const isEnd = (set: TemplateSet, queue: Placed): boolean =>
  resources(set, ...Object.keys(END_PATHS)).some((source) =>
    isSame(
      target(set, source.stack, at(source.properties, ...(END_PATHS[source.type] ?? []))),
      queue,
    ),
  );

const isFifo = (queue: Placed): boolean => at(queue.properties, "FifoQueue") === true;

/** What every queue must be. */
export const queueRules: readonly Rule[] = [
  {
    name: "every queue has a dead-letter queue of its own kind, or is one",
    findings: (set) =>
      resources(set, QUEUE).flatMap((queue) => {
        const dead = deadLettersOf(set, queue);
        if (dead === undefined) {
          return isEnd(set, queue) ? [] : [finding(queue, "it has no dead-letter queue.")];
        }
        return isFifo(dead) === isFifo(queue)
          ? []
          : [finding(queue, "its dead-letter queue is of another kind.")];
      }),
  },
  {
    name: "a dead-letter queue keeps messages longer than its source, and receives are bounded",
    findings: (set) =>
      resources(set, QUEUE).flatMap((queue) => {
        const dead = deadLettersOf(set, queue);
        if (dead === undefined) return [];
        const receives = Number(at(queue.properties, "RedrivePolicy", "maxReceiveCount"));
        const keeps = Number(at(queue.properties, "MessageRetentionPeriod") ?? 345_600);
        const deadKeeps = Number(at(dead.properties, "MessageRetentionPeriod") ?? 345_600);
        return [
          ...(receives >= 2 && receives <= 10 ? [] : [finding(queue, "receives are unbounded.")]),
          ...(deadKeeps > keeps ? [] : [finding(dead, "what dies late expires too soon.")]),
        ];
      }),
  },
  {
    name: "a queue hides a message for six time-outs of its consumer",
    findings: (set) =>
      resources(set, MAPPING).flatMap((mapping) => {
        const queue = target(set, mapping.stack, at(mapping.properties, "EventSourceArn"));
        const consumer = target(set, mapping.stack, at(mapping.properties, "FunctionName"));
        const hidden = Number(at(queue?.properties, "VisibilityTimeout") ?? 30);
        const window = Number(at(mapping.properties, "MaximumBatchingWindowInSeconds") ?? 0);
        const needed = 6 * Number(at(consumer?.properties, "Timeout") ?? 3) + window;
        return hidden >= needed
          ? []
          : [finding(mapping, `messages are hidden ${hidden} s where ${needed} s are needed.`)];
      }),
  },
  {
    name: "a consumer answers for each message, and FIFO is consumed as SQS demands",
    findings: (set) =>
      resources(set, MAPPING).flatMap((mapping) => {
        const { properties } = mapping;
        const queue = target(set, mapping.stack, at(properties, "EventSourceArn"));
        const concurrency = Number(at(properties, "ScalingConfig", "MaximumConcurrency"));
        const isReporting = list(at(properties, "FunctionResponseTypes")).includes(
          "ReportBatchItemFailures",
        );
        const isFifoSound =
          queue === undefined ||
          !isFifo(queue) ||
          (Number(at(properties, "BatchSize") ?? 10) <= 10 &&
            at(properties, "MaximumBatchingWindowInSeconds") === undefined);
        return [
          ...(isReporting ? [] : [finding(mapping, "one bad message fails its whole batch.")]),
          ...(concurrency >= 2 ? [] : [finding(mapping, "its concurrency is not bounded.")]),
          ...(isFifoSound ? [] : [finding(mapping, "FIFO allows 10 a batch and no window.")]),
        ];
      }),
  },
  {
    name: "every queue is encrypted with a customer key",
    findings: (set) =>
      resources(set, QUEUE)
        .filter(({ properties }) => properties["KmsMasterKeyId"] === undefined)
        .map((queue) => finding(queue, "it has no customer key.")),
  },
];
