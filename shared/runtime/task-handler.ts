import type * as z from "zod";
import { TerminalError } from "../domain/fault.ts";
import {
  createInvocation,
  type Deadline,
  type FunctionHandler,
  type Runtime,
} from "./invocation.ts";
import type { LogFields } from "./log.ts";
import { badFieldsOf } from "./bad-fields.ts";

/** A function that a workflow or a schedule calls. */
export type TaskDefinition<Input, Answer> = {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly handle: (input: Input, deadline: Deadline) => Promise<Answer>;
  /** What the log says of the work: which cycle, and what came of it. */
  readonly describe: (input: Input, answer: Answer) => LogFields;
  /** What is counted of the answer, by the metric's name; nothing where it is left out. */
  readonly measure?: (answer: Answer) => Readonly<Record<string, number>>;
};

/**
 * Makes the handler of a task. An event of the wrong form is a `TerminalError` that names fields,
 * never values; what is thrown keeps its name, by which the workflow decides about another try.
 */
export const createTaskHandler = <Input, Answer>(
  definition: TaskDefinition<Input, Answer>,
  runtime: Runtime,
): FunctionHandler<unknown, Answer> =>
  createInvocation(definition.name, runtime, async (event, context) => {
    const parsed = definition.input.safeParse(event);
    if (!parsed.success) {
      const fields = badFieldsOf(parsed.error);
      throw new TerminalError(`The event of ${definition.name} is not valid; look at: ${fields}.`);
    }
    const answer = await definition.handle(parsed.data, {
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
    for (const [metric, count] of Object.entries(definition.measure?.(answer) ?? {})) {
      runtime.metrics.add(metric, "Count", count);
    }
    if (runtime.log.isOn("info")) {
      runtime.log.write("info", `${definition.name} is done.`, {
        requestId: context.awsRequestId,
        ...definition.describe(parsed.data, answer),
      });
    }
    return answer;
  });
