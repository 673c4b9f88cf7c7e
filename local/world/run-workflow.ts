import { readFileSync } from "node:fs";
import { StateMachine } from "aws-local-stepfunctions";

/** One execution of a workflow; resolves to its output and rejects when it fails. */
export type RunWorkflow = (input: WorkflowValue) => Promise<unknown>;

/** A task of a workflow: a function by the name that stands in the definition as `${Name}`. */
export type WorkflowTasks = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

/** What a workflow is given: JSON. */
export type WorkflowValue = Parameters<StateMachine["run"]>[0];

/**
 * Reads a deployed workflow's definition and returns how to run it here, with our functions as its
 * tasks. Every `${Name}` in the definition must have a task; one without is a bug and throws.
 */
export const createWorkflow = (
  path: URL,
  tasks: WorkflowTasks,
  /** How long each waiting state waits here, milliseconds; else as long as it says. */
  waitMs: Readonly<Record<string, number>> = {},
  /** Ends a run where it waits, with null; a task that is at work goes on by itself. */
  stopped?: AbortSignal,
): RunWorkflow => {
  const deployed = readFileSync(path, "utf8").replaceAll(PLACEHOLDER, `${ARN_BEFORE_NAME}$1`);
  const definition = JSON.parse(deployed) as Definition;
  const handlers: Record<string, (input: unknown) => Promise<unknown>> = {};
  for (const [state, resource] of tasksOf(definition)) {
    const name = resource.slice(ARN_BEFORE_NAME.length);
    const task = tasks[name];
    if (task === undefined) throw new Error(`The workflow's task ${name} has no function.`);
    handlers[state] = task;
  }
  const machine = new StateMachine(definition as ConstructorParameters<typeof StateMachine>[0]);
  return async (input) => {
    if (stopped?.aborted === true) return null;
    const execution = machine.run(input, {
      noThrowOnAbort: true,
      overrides: {
        taskResourceLocalHandlers: handlers as TaskHandlers,
        waitTimeOverrides: waitMs,
      },
    });
    stopped?.addEventListener("abort", execution.abort, { once: true });
    try {
      return await execution.result;
    } finally {
      stopped?.removeEventListener("abort", execution.abort);
    }
  };
};

/** The deployment puts a function's address in place of its name; here the address is made up. */
const PLACEHOLDER = /\$\{(\w+)\}/g;
const ARN_BEFORE_NAME = "arn:aws:lambda:us-east-1:000000000000:function:";

type TaskHandlers = NonNullable<
  NonNullable<
    NonNullable<Parameters<StateMachine["run"]>[1]>["overrides"]
  >["taskResourceLocalHandlers"]
>;

/** As much of a definition as is needed to find its tasks. */
type Definition = { readonly States: Readonly<Record<string, State>> };
type State = {
  readonly Type: string;
  readonly Resource?: string;
  readonly Branches?: readonly Definition[];
  readonly ItemProcessor?: Definition;
};

const tasksOf = ({ States }: Definition): readonly (readonly [string, string])[] =>
  Object.entries(States).flatMap(([name, state]) => [
    ...(state.Resource === undefined ? [] : [[name, state.Resource] as const]),
    ...(state.Branches ?? []).flatMap(tasksOf),
    ...(state.ItemProcessor === undefined ? [] : tasksOf(state.ItemProcessor)),
  ]);
