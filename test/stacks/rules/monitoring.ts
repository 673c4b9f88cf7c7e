import { existsSync } from "node:fs";
import * as z from "zod";
import {
  at,
  finding,
  isSame,
  list,
  resources,
  targets,
  type Placed,
  type Rule,
} from "../template-set.ts";
import type { TemplateSet } from "../template-set.ts";

const ALARM = "AWS::CloudWatch::Alarm";
const WATCHED = [
  "AWS::Lambda::Function",
  "AWS::SQS::Queue",
  "AWS::StepFunctions::StateMachine",
  "AWS::SNS::Topic",
];

const description = ({ properties }: Placed): string =>
  z.string().catch("").parse(properties["AlarmDescription"]);

/** The page an alarm links to, `dead-letters`, or undefined. */
const pageOf = (alarm: Placed): string | undefined =>
  /Runbook: \S*docs\/runbooks\/([a-z-]+)\.md/.exec(description(alarm))?.[1];

const unwatched = (set: TemplateSet, watchers: readonly Placed[]): readonly Placed[] => {
  const seen = watchers.flatMap(({ stack, properties }) => targets(set, stack, properties));
  return resources(set, ...WATCHED).filter(
    (resource) => !seen.some((place) => isSame(place, resource)),
  );
};

/** What nobody may be left alone with. */
export const monitoringRules: readonly Rule[] = [
  {
    name: "every alarm says what users lose and links to a runbook that exists",
    findings: (set) =>
      resources(set, ALARM).flatMap((alarm) => {
        const page = pageOf(alarm);
        const file = new URL(`../../../docs/runbooks/${page ?? ""}.md`, import.meta.url);
        const impact = description(alarm).split("Runbook:")[0] ?? "";
        return [
          ...(page !== undefined && existsSync(file) ? [] : [finding(alarm, "no such runbook.")]),
          ...(impact.trim().split(" ").length >= 4 ? [] : [finding(alarm, "it says nothing.")]),
        ];
      }),
  },
  {
    name: "every alarm tells someone when it begins and when it ends",
    findings: (set) =>
      resources(set, ALARM)
        .filter(
          ({ properties }) =>
            list(properties["AlarmActions"]).length === 0 ||
            list(properties["OKActions"]).length === 0 ||
            properties["ActionsEnabled"] === false,
        )
        .map((alarm) => finding(alarm, "nobody hears it.")),
  },
  {
    name: "missing data breaches for heartbeats, and for nothing else",
    findings: (set) =>
      resources(set, ALARM)
        .filter(
          (alarm) =>
            (pageOf(alarm) === "heartbeat-missing") !==
            (alarm.properties["TreatMissingData"] === "breaching"),
        )
        .map((alarm) => finding(alarm, "silence means the wrong thing to it.")),
  },
  {
    name: "what runs every minute has a heartbeat",
    findings: (set) => {
      const heartbeats = resources(set, ALARM).filter(
        (alarm) => pageOf(alarm) === "heartbeat-missing",
      );
      const heard = heartbeats.flatMap(({ stack, properties }) => targets(set, stack, properties));
      return resources(set, "AWS::Scheduler::Schedule").flatMap((schedule) => {
        const woken = targets(set, schedule.stack, at(schedule.properties, "Target", "Arn"));
        return woken.every((place) => heard.some((other) => isSame(other, place)))
          ? []
          : [finding(schedule, "nobody hears when it stops.")];
      });
    },
  },
  {
    name: "every function, queue, workflow and topic has an alarm",
    findings: (set) =>
      unwatched(set, resources(set, ALARM)).map((resource) => finding(resource, "no alarm.")),
  },
  {
    name: "every function, queue, workflow and topic has its place on a dashboard",
    findings: (set) =>
      unwatched(set, resources(set, "AWS::CloudWatch::Dashboard")).map((resource) =>
        finding(resource, "it is on no dashboard."),
      ),
  },
];
