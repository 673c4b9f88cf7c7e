import { existsSync } from "node:fs";
import * as z from "zod";
import { BREACH_NAMES } from "../../../shared/domain/reconciliation/breaches.ts";
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
const COMPOSITE = "AWS::CloudWatch::CompositeAlarm";
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

/** Alarms that only another one listens to: one window of a burn rate says nothing by itself. */
const partsOf = (set: TemplateSet): readonly Placed[] =>
  resources(set, COMPOSITE).flatMap(({ stack, properties }) =>
    targets(set, stack, properties["AlarmRule"]),
  );

const isSilent = ({ properties }: Placed): boolean =>
  list(properties["AlarmActions"]).length === 0 ||
  list(properties["OKActions"]).length === 0 ||
  properties["ActionsEnabled"] === false;

/** A metric that functions of ours write, and whose one occurrence must be told. */
const INVARIANTS = [...BREACH_NAMES, "epochConflict", "auditChainBroken"];

/** How old a backup or its last proof is: told every minute, so that silence is an alarm too. */
const isOfAge = ({ properties }: Placed): boolean =>
  JSON.stringify([properties["MetricName"], properties["Metrics"]]).includes("AgeMinutes");

/** Its own age is told each minute, and looked at for a day. */
const isNightly = ({ properties }: Placed): boolean =>
  String(properties["ScheduleExpression"]) === "cron(30 22 * * ? *)";

/** No alarm looks back for a month. */
const isMonthly = ({ properties }: Placed): boolean =>
  String(properties["ScheduleExpression"]).includes("#1");

/** What nobody may be left alone with. */
export const monitoringRules: readonly Rule[] = [
  {
    name: "every alarm says what users lose and links to a runbook that exists",
    findings: (set) =>
      resources(set, ALARM, COMPOSITE).flatMap((alarm) => {
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
    findings: (set) => {
      const parts = partsOf(set);
      return resources(set, ALARM, COMPOSITE)
        .filter((alarm) => isSilent(alarm) && !parts.some((part) => isSame(part, alarm)))
        .map((alarm) => finding(alarm, "nobody hears it."));
    },
  },
  {
    name: "what must never happen is an alarm at one, told as critical, in every Region",
    findings: (set) =>
      set
        .filter((stack) => resources([stack], ALARM).length > 0)
        .flatMap((stack) => {
          const alarms = resources([stack], ALARM);
          const told = (metric: string): boolean =>
            alarms.some(
              (alarm) =>
                at(alarm.properties, "MetricName") === metric &&
                alarm.properties["Threshold"] === 1 &&
                alarm.properties["EvaluationPeriods"] === 1 &&
                alarm.properties["Period"] === 60 &&
                String(alarm.properties["AlarmName"]).endsWith("-Critical") &&
                !isSilent(alarm),
            );
          return INVARIANTS.filter((metric) => !told(metric)).map(
            (metric) => `${stack.name}: one ${metric} tells nobody.`,
          );
        }),
  },
  {
    name: "one alarm is over everything that must never happen, and one over each burn rate",
    findings: (set) =>
      set
        .filter((stack) => resources([stack], ALARM).length > 0)
        .flatMap((stack) => {
          const composites = resources([stack], COMPOSITE);
          const heard = partsOf([stack]).map(({ properties }) => properties["MetricName"]);
          const missing = INVARIANTS.filter((metric) => !heard.includes(metric));
          const pairs = composites.filter(({ properties }) => {
            const parts = targets([stack], stack, properties["AlarmRule"]);
            const periods = new Set(parts.map((part) => part.properties["Period"]));
            return parts.length === 2 && periods.size === 2;
          });
          return [
            ...missing.map((metric) => `${stack.name}: ${metric} leaves trading safe.`),
            ...(pairs.length >= 2 ? [] : [`${stack.name}: the error budget burns unheard.`]),
          ];
        }),
  },
  {
    name: "missing data breaches for heartbeats and ages, and for nothing else",
    findings: (set) =>
      resources(set, ALARM)
        .filter(
          (alarm) =>
            (pageOf(alarm) === "heartbeat-missing" || isOfAge(alarm)) !==
            (alarm.properties["TreatMissingData"] === "breaching"),
        )
        .map((alarm) => finding(alarm, "silence means the wrong thing to it.")),
  },
  {
    name: "what runs again and again has a heartbeat, but what comes once a night or a month",
    findings: (set) => {
      const heartbeats = resources(set, ALARM).filter(
        (alarm) => pageOf(alarm) === "heartbeat-missing",
      );
      const heard = heartbeats.flatMap(({ stack, properties }) => targets(set, stack, properties));
      const schedules = resources(set, "AWS::Scheduler::Schedule");
      return schedules.flatMap((schedule) => {
        if (isMonthly(schedule) || isNightly(schedule)) return [];
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
