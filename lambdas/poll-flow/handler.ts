import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { symbolList } from "../../shared/runtime/symbol-text.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createPollFlow,
  type FlowPolled,
  type PollFlowDeps,
} from "../../shared/use-cases/poll-flow.ts";

const Input = z.object({
  cycleId: z.string().min(1).max(64),
  slotMs: z.int().min(0),
  symbols: symbolList(1_000),
});

/** Polls the flow of all symbols: a task of the workflow. */
export const createHandler = (
  deps: PollFlowDeps,
  runtime: Runtime,
): FunctionHandler<unknown, FlowPolled> => {
  const pollFlow = createPollFlow(deps);
  return createTaskHandler(
    {
      name: "poll-flow",
      input: Input,
      handle: ({ symbols }) => pollFlow(symbols),
      describe: ({ cycleId }, { symbols, withFlow }) => ({ cycleId, symbols, withFlow }),
    },
    runtime,
  );
};
