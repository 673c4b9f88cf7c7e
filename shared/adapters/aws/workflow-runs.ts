import * as z from "zod";
import { RetryableError } from "../../domain/fault.ts";
import { serviceFault } from "./service-fault.ts";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListTagsForResourceCommand,
  StartExecutionCommand,
  type StepFunctionsClient,
} from "./thin/step-functions.ts";

/** How a run of a workflow stands. */
export type WorkflowRun = {
  readonly status: "running" | "succeeded" | "failed";
  /** The state that was entered last; undefined before the first. */
  readonly step: string | undefined;
  /** What it came to, as JSON; undefined while it runs, and where it failed. */
  readonly output: string | undefined;
  /** Why it failed, in its own words. */
  readonly cause: string | undefined;
};

/** Workflows of a Region, run by a person with credentials of his own. Throws `RetryableError`. */
export type WorkflowRuns = {
  /**
   * The mode that a workflow of Holdfast is deployed for; undefined where it is not one of ours.
   */
  readonly modeOf: (workflowArn: string) => Promise<string | undefined>;
  /** Starts a run and returns its name; the same name again is the same run. */
  readonly start: (workflowArn: string, name: string, input: object) => Promise<string>;
  readonly look: (runArn: string) => Promise<WorkflowRun>;
};

const Tags = z.looseObject({
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
});
const Started = z.looseObject({ executionArn: z.string() });
const Described = z.looseObject({
  status: z.string(),
  output: z.string().nullish(),
  error: z.string().nullish(),
  cause: z.string().nullish(),
});
const History = z.looseObject({
  events: z.array(
    z.looseObject({ stateEnteredEventDetails: z.looseObject({ name: z.string() }).nullish() }),
  ),
});

/** A state that waits or is tried again makes so many events at most. */
const EVENTS_LOOKED_AT = 50;

/** Workflows by Step Functions. */
export const createWorkflowRuns = (client: Pick<StepFunctionsClient, "send">): WorkflowRuns => {
  type Command = Parameters<StepFunctionsClient["send"]>[0];
  const ask = async <Answer>(command: Command, schema: z.ZodType<Answer>): Promise<Answer> => {
    const answer: unknown = await client.send(command).catch((error: unknown) => {
      throw serviceFault("Step Functions", error);
    });
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new RetryableError("Step Functions answered what nobody knows.");
  };
  return {
    modeOf: async (resourceArn) => {
      const { tags } = await ask(new ListTagsForResourceCommand({ resourceArn }), Tags);
      const valueOf = (key: string) => tags.find((tag) => tag.key === key)?.value;
      return valueOf("application") === "holdfast" ? valueOf("mode") : undefined;
    },
    start: async (stateMachineArn, name, input) => {
      const request = { stateMachineArn, name, input: JSON.stringify(input) };
      return (await ask(new StartExecutionCommand(request), Started)).executionArn;
    },
    look: async (executionArn) => {
      const described = await ask(new DescribeExecutionCommand({ executionArn }), Described);
      const { status, output, error, cause } = described;
      const request = { executionArn, reverseOrder: true, maxResults: EVENTS_LOOKED_AT };
      const { events } = await ask(new GetExecutionHistoryCommand(request), History);
      const entered = events.find((event) => (event.stateEnteredEventDetails ?? null) !== null);
      return {
        status: statusOf(status),
        step: entered?.stateEnteredEventDetails?.name,
        output: output ?? undefined,
        cause: cause ?? error ?? undefined,
      };
    },
  };
};

const statusOf = (status: string): WorkflowRun["status"] => {
  if (status === "RUNNING" || status === "PENDING_REDRIVE") return "running";
  return status === "SUCCEEDED" ? "succeeded" : "failed";
};
