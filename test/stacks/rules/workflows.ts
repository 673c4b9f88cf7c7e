import {
  at,
  finding,
  isSame,
  list,
  resources,
  target,
  type Placed,
  type Rule,
  type TemplateSet,
} from "../template-set.ts";

const WORKFLOW = "AWS::StepFunctions::StateMachine";

/** A step that calls something, by its name in the definition. */
type Step = { readonly name: string; readonly state: unknown };

/** Every step of these states that calls something, also inside of branches and maps. */
const stepsIn = (states: unknown): readonly Step[] =>
  Object.entries(typeof states === "object" && states !== null ? states : {}).flatMap(
    ([name, state]: readonly [string, unknown]) => [
      ...(at(state, "Type") === "Task" ? [{ name, state }] : []),
      ...stepsIn(at(state, "ItemProcessor", "States")),
      ...list(at(state, "Branches")).flatMap((branch) => stepsIn(at(branch, "States"))),
    ],
  );

const stepsOf = ({ properties }: Placed): readonly Step[] => {
  const definition = properties["DefinitionString"];
  const parsed: unknown = typeof definition === "string" ? JSON.parse(definition) : undefined;
  return stepsIn(at(parsed, "States"));
};

/** What a step calls: a function, be it by its alias. */
const calledBy = (set: TemplateSet, workflow: Placed, { state }: Step): Placed | undefined => {
  const name = /^\$\{(\w+)\}$/.exec(String(at(state, "Resource")))?.[1] ?? "";
  const place = target(
    set,
    workflow.stack,
    at(workflow.properties, "DefinitionSubstitutions", name),
  );
  return place?.type === "AWS::Lambda::Alias"
    ? target(set, place.stack, place.properties["FunctionName"])
    : place;
};

const problemOf = (set: TemplateSet, workflow: Placed, step: Step): string | undefined => {
  const fn = calledBy(set, workflow, step);
  if (fn?.type !== "AWS::Lambda::Function") return "calls something unknown.";
  const waits = Number(at(step.state, "TimeoutSeconds"));
  if (!(waits > Number(fn.properties["Timeout"]))) return "gives up on a function that still runs.";
  const isBounded = list(at(step.state, "Retry")).every((retry) => {
    const attempts = Number(at(retry, "MaxAttempts"));
    // Waits double: beyond a handful they need an end of their own.
    return attempts <= 5 || (attempts <= 30 && at(retry, "MaxDelaySeconds") !== undefined);
  });
  return isBounded ? undefined : "tries again without a bound.";
};

/** What the workflow's role may invoke. */
const invokedBy = (set: TemplateSet, { stack, properties }: Placed): readonly unknown[] => {
  const role = target(set, stack, properties["RoleArn"]);
  return resources(set, "AWS::IAM::Policy")
    .filter((policy) =>
      list(policy.properties["Roles"]).some(
        (one) => role !== undefined && isSame(target(set, policy.stack, one), role),
      ),
    )
    .flatMap((policy) => list(at(policy.properties, "PolicyDocument", "Statement")))
    .filter((statement) => list(at(statement, "Action")).includes("lambda:InvokeFunction"))
    .flatMap((statement) => list(at(statement, "Resource")));
};

const textsOf = (values: readonly unknown[]): string =>
  [...new Set(values.map((value) => JSON.stringify(value)))]
    .toSorted((one, other) => (one < other ? -1 : 1))
    .join();

/** What holds of each step of each workflow. */
export const workflowRules: readonly Rule[] = [
  {
    name: "a step of a workflow outwaits the function that it calls, and tries again a few times",
    findings: (set) =>
      resources(set, WORKFLOW).flatMap((workflow) =>
        stepsOf(workflow).flatMap((step) => {
          const problem = problemOf(set, workflow, step);
          return problem === undefined ? [] : [finding(workflow, `${step.name} ${problem}`)];
        }),
      ),
  },
  {
    name: "a workflow may invoke what its steps call, and nothing else",
    findings: (set) =>
      resources(set, WORKFLOW)
        .filter((workflow) => {
          const substitutions = workflow.properties["DefinitionSubstitutions"];
          const named = Object.values((substitutions ?? {}) as Readonly<Record<string, unknown>>);
          return textsOf(named) !== textsOf(invokedBy(set, workflow));
        })
        .map((workflow) => finding(workflow, "its role is for something else.")),
  },
];
