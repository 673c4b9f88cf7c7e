import { Duration } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { DeadLetterQueue } from "../../lib/constructs/dead-letter-queue.ts";
import {
  GuardedFunction,
  type GuardedFunctionProps,
} from "../../lib/constructs/guarded-function.ts";
import { createFixture, on, watch } from "./construct-fixture.ts";

const create = (props: Partial<GuardedFunctionProps> = {}) => {
  const { stack, key, platform } = createFixture();
  const failures = new DeadLetterQueue(stack, "failures", { key, errorImpact: "A run failed." });
  const fn = new GuardedFunction(stack, "reconcile-orders", {
    platform,
    description: "Test.",
    errorImpact: "Fills go unseen.",
    environment: { HOLDFAST_MODE: "paper" },
    timeout: Duration.seconds(50),
    memoryMebibytes: 512,
    errorsTolerated: 1,
    ...props,
  });
  return { stack, failures, fn };
};

describe("a guarded function", () => {
  it("is Node.js 24 on arm64, traced, with encrypted logs for three months", () => {
    const template = Template.fromStack(create().stack);
    template.hasResourceProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      TracingConfig: { Mode: "Active" },
      Handler: "index.handler",
      Environment: { Variables: { HOLDFAST_MODE: "paper" } },
    });
    template.hasResourceProperties("AWS::Logs::LogGroup", {
      RetentionInDays: 90,
      KmsKeyId: Match.anyValue(),
    });
  });

  it("may at first only write its own logs and traces", () => {
    const policies = Template.fromStack(create().stack).findResources("AWS::IAM::Policy");
    expect(Object.values(policies)).toHaveLength(1);
    expect(JSON.stringify(policies)).not.toMatch(/dynamodb|sqs|sns|kms|secretsmanager/);
  });

  it("alarms on errors above what is tolerated, on throttling, and near its time-out", () => {
    const { stack, fn } = create();
    const template = watch(stack, fn);
    template.resourceCountIs("AWS::CloudWatch::Alarm", 3);
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: on("Errors"),
      Threshold: 1,
      TreatMissingData: "notBreaching",
      AlarmDescription: Match.stringLikeRegexp("^Fills go unseen[^]*function-errors.md$"),
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { Metrics: on("Throttles") });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: on("Duration"),
      Threshold: 40_000,
    });
  });

  it("takes silence for the worst where it has a heartbeat", () => {
    const { stack, fn } = create({ hasHeartbeat: true });
    watch(stack, fn).hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: on("Invocations"),
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
      AlarmDescription: Match.stringLikeRegexp("heartbeat-missing.md$"),
    });
  });

  it("bounds what Lambda retries by itself, and keeps what failed", () => {
    const { stack, key, platform } = createFixture();
    const failures = new DeadLetterQueue(stack, "failures", { key, errorImpact: "A run failed." });
    const fn = new GuardedFunction(stack, "notify", {
      platform,
      description: "Test.",
      errorImpact: "Nobody is paged.",
      environment: {},
      timeout: Duration.seconds(15),
      memoryMebibytes: 256,
      errorsTolerated: 0,
      whenAsynchronous: { retries: 2, ageMax: Duration.hours(1), failures },
    });
    expect(fn.timeout.toSeconds()).toBe(15);
    Template.fromStack(stack).hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 3_600,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});
