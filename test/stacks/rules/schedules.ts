import { at, finding, resources, type Rule } from "../template-set.ts";

/** What time wakes, and the workflow. */
export const scheduleRules: readonly Rule[] = [
  {
    name: "every schedule runs by New York's clock, on the minute",
    findings: (set) =>
      resources(set, "AWS::Scheduler::Schedule")
        .filter(
          ({ properties }) =>
            properties["ScheduleExpressionTimezone"] !== "America/New_York" ||
            at(properties, "FlexibleTimeWindow", "Mode") !== "OFF",
        )
        .map((schedule) => finding(schedule, "it runs by another clock, or about the time.")),
  },
  {
    name: "a slot is tried at most twice within a minute, and a missed one is kept",
    findings: (set) =>
      resources(set, "AWS::Scheduler::Schedule")
        .filter(({ properties }) => {
          const target = at(properties, "Target");
          const age = Number(at(target, "RetryPolicy", "MaximumEventAgeInSeconds"));
          const retries = Number(at(target, "RetryPolicy", "MaximumRetryAttempts"));
          const hasEnd = at(target, "DeadLetterConfig", "Arn") !== undefined;
          return !(hasEnd && age <= 60 && retries <= 1);
        })
        .map((schedule) => finding(schedule, "it tries for long, or forgets what it missed.")),
  },
  {
    name: "there are no rules of EventBridge, whose clock is UTC",
    findings: (set) =>
      resources(set, "AWS::Events::Rule")
        .filter(({ properties }) => properties["ScheduleExpression"] !== undefined)
        .map((rule) => finding(rule, "it runs in UTC and without a dead-letter queue of ours.")),
  },
  {
    name: "every workflow is logged in full and traced",
    findings: (set) =>
      resources(set, "AWS::StepFunctions::StateMachine")
        .filter(
          ({ properties }) =>
            at(properties, "LoggingConfiguration", "Level") !== "ALL" ||
            at(properties, "TracingConfiguration", "Enabled") !== true,
        )
        .map((workflow) => finding(workflow, "nobody will know what it did.")),
  },
];
