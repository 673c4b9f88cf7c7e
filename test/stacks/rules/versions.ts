import {
  at,
  finding,
  isSame,
  list,
  resources,
  target,
  targets,
  type Placed,
  type Rule,
} from "../template-set.ts";
import type { TemplateSet } from "../template-set.ts";

const ALIAS = "AWS::Lambda::Alias";

/**
 * Two versions of these must never work side by side: one of them has a place in a line of
 * messages, keeps count in its memory, or is the only writer of something.
 */
const NEVER_SHIFTED =
  /^(executeorders|reconcileorders|keeplease|failover|opencycle|closecycle|scoresignals|controltrading|keepaudit|backup)/;

const functionOf = (set: TemplateSet, alias: Placed): Placed | undefined =>
  target(set, alias.stack, alias.properties["FunctionName"]);

const groupOf = (set: TemplateSet, { stack, resource }: Placed): Placed | undefined =>
  target(
    set,
    stack,
    at(resource.UpdatePolicy, "CodeDeployLambdaAliasUpdate", "DeploymentGroupName"),
  );

const rollsBack = (set: TemplateSet, alias: Placed): boolean => {
  const group = groupOf(set, alias);
  const names = list(at(group?.properties, "AlarmConfiguration", "Alarms")).map((alarm) =>
    at(alarm, "Name"),
  );
  const alarms = resources(set, "AWS::CloudWatch::Alarm").filter(
    ({ stack, properties }) =>
      stack.region === alias.stack.region && names.includes(properties["AlarmName"]),
  );
  return (
    names.length > 0 &&
    alarms.length === names.length &&
    at(group?.properties, "AlarmConfiguration", "Enabled") === true &&
    list(at(group?.properties, "AutoRollbackConfiguration", "Events")).includes(
      "DEPLOYMENT_STOP_ON_ALARM",
    ) &&
    String(group?.properties["DeploymentConfigName"]).startsWith("CodeDeployDefault.LambdaLinear")
  );
};

/** Every place that invokes something: workflows, APIs, schedules and queues. */
const callersOf = (set: TemplateSet): readonly Placed[] =>
  resources(
    set,
    "AWS::StepFunctions::StateMachine",
    "AWS::ApiGatewayV2::Integration",
    "AWS::Scheduler::Schedule",
    "AWS::Lambda::EventSourceMapping",
  );

/** How versions of functions take over from each other. */
export const versionRules: readonly Rule[] = [
  {
    name: "a version that is shifted is rolled back by an alarm of its Region that exists",
    findings: (set) =>
      resources(set, ALIAS)
        .filter((alias) => !rollsBack(set, alias))
        .map((alias) => finding(alias, "nothing gives its calls back.")),
  },
  {
    name: "no two versions work side by side of what must be alone",
    findings: (set) =>
      resources(set, ALIAS)
        .filter((alias) => NEVER_SHIFTED.test(functionOf(set, alias)?.id ?? "executeorders"))
        .map((alias) => finding(alias, "two of its versions would work at the same time.")),
  },
  {
    name: "whoever calls a function whose versions are shifted calls it by its alias",
    findings: (set) => {
      const shifted = resources(set, ALIAS).flatMap((alias) => functionOf(set, alias) ?? []);
      return callersOf(set).flatMap((caller) =>
        targets(set, caller.stack, caller.properties)
          .filter((place) => shifted.some((fn) => isSame(fn, place)))
          .map((place) => finding(caller, `it goes past the alias of ${place.id}.`)),
      );
    },
  },
];
