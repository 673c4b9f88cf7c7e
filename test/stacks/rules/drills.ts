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
import { statements } from "./statements.ts";

const TEMPLATE = "AWS::FIS::ExperimentTemplate";
const SCENARIOS = ["mid-order", "partition", "region-loss"];
/** The longest that a fault may last by itself. */
const DURATION_MAX = "PT10M";

const values = (value: unknown): readonly unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value) : [];

const scenarioOf = ({ properties }: Placed): string =>
  String(at(properties, "Tags", "holdfast-drill"));

/** The alarms by which an experiment is stopped; those of another Region resolve to nothing. */
const stopAlarms = (set: TemplateSet, { stack, properties }: Placed): readonly Placed[] =>
  list(properties["StopConditions"]).flatMap((condition) => {
    const alarm = target(set, stack, at(condition, "Value"));
    return alarm?.type === "AWS::CloudWatch::Alarm" && alarm.stack.region === stack.region
      ? [alarm]
      : [];
  });

const INVARIANTS = ["doubledOrder", "orphanOrder", "unguardedOrder"];

const byText = (left: string, right: string): number => (left < right ? -1 : 1);

const stopsAtHarm = (set: TemplateSet, template: Placed): boolean => {
  const metrics = stopAlarms(set, template).map(({ properties }) => properties["MetricName"]);
  return metrics.map(String).toSorted(byText).join() === INVARIANTS.join();
};

/** Functions that an experiment names must have what breaks them, else it fails when it begins. */
const unreachable = (set: TemplateSet, template: Placed): readonly Placed[] =>
  values(template.properties["Targets"])
    .filter((one) => at(one, "ResourceType") === "aws:lambda:function")
    .flatMap((one) => list(at(one, "ResourceArns")))
    .flatMap((arn) => target(set, template.stack, arn) ?? [])
    .filter(
      (fn) =>
        list(fn.properties["Layers"]).length === 0 ||
        at(fn.properties, "Environment", "Variables", "AWS_FIS_CONFIGURATION_LOCATION") ===
          undefined,
    );

/** Targets that are named by what they have instead of which they are. */
const isVague = (one: unknown): boolean =>
  at(one, "ResourceTags") !== undefined ||
  at(one, "Filters") !== undefined ||
  list(at(one, "ResourceArns")).length === 0;

/** Where a Region is lost on purpose, it is bounded, stopped at harm, and ended from elsewhere. */
export const drillRules: readonly Rule[] = [
  {
    name: "where there are drills, each Region can be struck in every way, and ended from the other",
    findings: (set) => {
      const templates = resources(set, TEMPLATE);
      if (templates.length === 0) return [];
      return [...new Set(set.map(({ region }) => region))].flatMap((region) => {
        const here = set.filter((stack) => stack.region === region);
        const scenarios = resources(here, TEMPLATE).map(scenarioOf).toSorted(byText);
        const watchdogs = resources(here, "AWS::Lambda::Function").filter(
          ({ id, properties }) =>
            id.startsWith("watchdrills") &&
            at(properties, "Environment", "Variables", "PEER_REGION") !== region,
        );
        return [
          ...(scenarios.join() === SCENARIOS.join()
            ? []
            : [`${region}: struck by ${scenarios.join()}.`]),
          ...(watchdogs.length === 1 ? [] : [`${region}: nobody ends what is broken elsewhere.`]),
        ];
      });
    },
  },
  {
    name: "only what is tagged as a drill's may be started",
    findings: (set) =>
      statements(set)
        .filter(({ isAllow, actions }) => isAllow && actions.includes("fis:StartExperiment"))
        .filter(({ resources: names }) => JSON.stringify(names).includes(":experiment-template/"))
        .filter(
          ({ condition }) => at(condition, "Null", "aws:ResourceTag/holdfast-drill") !== "false",
        )
        .map(({ owner }) => finding(owner, "it may start whatever there is.")),
  },
  {
    name: "an experiment is bounded, names what it breaks, and is stopped by alarms of its Region",
    findings: (set) =>
      resources(set, TEMPLATE).flatMap((template) => {
        const { properties } = template;
        const durations = values(properties["Actions"]).map((action) =>
          String(at(action, "Parameters", "duration")),
        );
        return [
          ...(durations.every((duration) => duration === DURATION_MAX)
            ? []
            : [finding(template, "it lasts for as long as it likes.")]),
          ...(values(properties["Targets"]).some(isVague)
            ? [finding(template, "what it breaks is not named.")]
            : []),
          ...(stopsAtHarm(set, template) ? [] : [finding(template, "no alarm here stops it.")]),
          ...unreachable(set, template).map((fn) => finding(fn, "it cannot be broken as asked.")),
        ];
      }),
  },
  {
    name: "a function is made to be broken only where an experiment names it",
    findings: (set) => {
      const named = resources(set, TEMPLATE).flatMap((template) =>
        values(template.properties["Targets"])
          .flatMap((one) => list(at(one, "ResourceArns")))
          .flatMap((arn) => target(set, template.stack, arn) ?? []),
      );
      return resources(set, "AWS::Lambda::Function")
        .filter(({ properties }) => list(properties["Layers"]).length > 0)
        .filter((fn) => !named.some((one) => isSame(one, fn)))
        .map((fn) => finding(fn, "it has a layer that nothing uses."));
    },
  },
];
