import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import { createOpenCycle, type OpenedCycle } from "../../shared/use-cases/open-cycle.ts";
import type { OpenCycleDeps } from "../../shared/use-cases/cycle/open-cycle-deps.ts";

/** `slot` is the schedule's time, with its offset. */
const Input = z.object({ slot: z.iso.datetime({ offset: true }) });

/** Opens the trading cycle of a slot: the first task of the workflow. */
export const createHandler = (
  deps: OpenCycleDeps,
  runtime: Runtime,
): FunctionHandler<unknown, OpenedCycle> => {
  const openCycle = createOpenCycle(deps);
  return createTaskHandler(
    {
      name: "open-cycle",
      input: Input,
      handle: ({ slot }) => openCycle(Date.parse(slot)),
      describe: (_input, { cycleId, run, reason }) => ({ cycleId, run, reason }),
    },
    runtime,
  );
};
