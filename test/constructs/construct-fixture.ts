import { App, Stack } from "aws-cdk-lib";
import { Match, Template, type Matcher } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Code } from "aws-cdk-lib/aws-lambda";
import { MonitoringFacade } from "cdk-monitoring-constructs";
import type { Platform } from "../../lib/constructs/platform.ts";
import type { Watched } from "../../lib/constructs/watched.ts";

/** An empty stack in a Region, with what every function's construct needs. */
export const createFixture = () => {
  const stack = new Stack(new App(), "stack", {
    env: { account: "111111111111", region: "us-east-2" },
  });
  const key = new Key(stack, "key");
  const keys = {
    tables: key,
    archive: key,
    locked: key,
    messages: key,
    secrets: key,
    logs: key,
    policy: key,
  };
  const platform: Platform = {
    mode: "paper",
    region: "us-east-2",
    configuration: "{}",
    keys,
    code: () => Code.fromInline("export const handler = () => {};"),
  };
  return { stack, key, platform };
};

/** The template with the alarms of these parts. */
export const watch = (stack: Stack, ...parts: readonly Watched[]): Template => {
  const monitoring = new MonitoringFacade(stack, "monitoring", {
    alarmFactoryDefaults: { alarmNamePrefix: "test", actionsEnabled: true, datapointsToAlarm: 1 },
  });
  for (const part of parts) part.watch(monitoring, "docs/runbooks");
  return Template.fromStack(stack);
};

/** Matches an alarm that looks at the metric with this name. */
export const on = (metricName: string): Matcher =>
  Match.arrayWith([
    Match.objectLike({ MetricStat: { Metric: Match.objectLike({ MetricName: metricName }) } }),
  ]);
