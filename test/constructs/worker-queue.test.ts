import { Duration } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GuardedFunction } from "../../lib/constructs/guarded-function.ts";
import { WorkerQueue, type WorkerQueueProps } from "../../lib/constructs/worker-queue.ts";
import { createFixture, on, watch } from "./construct-fixture.ts";

const create = (props: Partial<WorkerQueueProps> = {}) => {
  const { stack, key, platform } = createFixture();
  const queue = new WorkerQueue(stack, "exits", {
    key,
    errorImpact: "Exits are not sent.",
    consumerTimeout: Duration.seconds(15),
    receivesMax: 5,
    ageMax: Duration.minutes(2),
    kind: { type: "fifo", name: "test-exits" },
    ...props,
  });
  return { stack, platform, queue };
};

describe("a worker's queue", () => {
  it("hides a message for six time-outs of its consumer, whatever that is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), (seconds) => {
        const { stack } = create({ consumerTimeout: Duration.seconds(seconds) });
        Template.fromStack(stack).hasResourceProperties("AWS::SQS::Queue", {
          VisibilityTimeout: 6 * seconds,
        });
      }),
      { numRuns: 10 },
    );
  });

  it("gives a FIFO queue a dead-letter queue that is FIFO too", () => {
    const template = Template.fromStack(create().stack);
    const fifo = template.findResources("AWS::SQS::Queue", { Properties: { FifoQueue: true } });
    expect(Object.keys(fifo)).toHaveLength(2);
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "test-exits-dead-letters.fifo",
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it("leaves the names of standard queues to CloudFormation", () => {
    const template = Template.fromStack(create({ kind: { type: "standard" } }).stack);
    template.allResourcesProperties("AWS::SQS::Queue", { QueueName: Match.absent() });
  });

  it("hands its consumer one batch's messages and lets it answer for each", () => {
    const { stack, platform, queue } = create();
    const consumer = new GuardedFunction(stack, "execute-orders", {
      platform,
      description: "Test.",
      errorImpact: "Nothing.",
      environment: {},
      timeout: Duration.seconds(15),
      memoryMebibytes: 256,
      errorsTolerated: 0,
    });
    queue.feed(consumer, { batchSize: 1, concurrencyMax: 2 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    // A mapping that is made before the role may read the queue is refused.
    template.hasResource("AWS::Lambda::EventSourceMapping", {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp("executeordersroleDefaultPolicy")]),
    });
  });

  it("raises an alarm for one dead letter and for age", () => {
    const { stack, queue } = create();
    const template = watch(stack, queue);
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: on("ApproximateNumberOfMessagesVisible"),
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
      AlarmDescription: Match.stringLikeRegexp("^Exits are not sent[^]*dead-letters.md$"),
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: on("ApproximateAgeOfOldestMessage"),
      Threshold: 120,
    });
  });
});
