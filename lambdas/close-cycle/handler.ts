import * as z from "zod";
import { DATA_MODES } from "../../shared/domain/market/data-mode.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createCloseCycle,
  type CloseCycleDeps,
  type CycleClosed,
} from "../../shared/use-cases/close-cycle.ts";

const Failed = z.object({ error: z.string() });
const Polled = z.object({
  shard: z.int(),
  polled: z.int().min(0),
  valid: z.int().min(0),
  dataMode: z.enum(DATA_MODES).optional(),
});
const Input = z.object({
  cycleId: z.string().min(1).max(64),
  slotMs: z.int().min(0),
  polls: z.array(z.union([Polled, Failed.extend({ shard: z.int() })])).max(1_000),
  flow: z.union([Failed, z.object({ withFlow: z.int().min(0) })]),
});

/** Ends the trading cycle: the last task of the workflow. */
export const createHandler = (
  deps: CloseCycleDeps,
  runtime: Runtime,
): FunctionHandler<unknown, CycleClosed> => {
  const handle = createCloseCycle(deps);
  const describe = ({ cycleId }: z.output<typeof Input>, { outcome, reason }: CycleClosed) => ({
    cycleId,
    outcome,
    reason,
  });
  return createTaskHandler({ name: "close-cycle", input: Input, handle, describe }, runtime);
};
