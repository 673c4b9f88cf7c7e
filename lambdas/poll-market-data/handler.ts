import * as z from "zod";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { symbolList } from "../../shared/runtime/symbol-text.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import { createPollMarketData } from "../../shared/use-cases/poll-market-data.ts";
import type { PollMarketDataDeps, ShardPolled } from "../../shared/use-cases/poll/shard-poll.ts";

const Input = z.object({
  cycleId: z.string().min(1).max(64),
  slotMs: z.int().min(0),
  shard: z.int().min(0).max(1_000),
  symbols: symbolList(100),
  exitsOnly: z.boolean().optional(),
});

/** Polls one shard of symbols: a task of the workflow, once a shard. */
export const createHandler = (
  deps: PollMarketDataDeps,
  runtime: Runtime,
): FunctionHandler<unknown, ShardPolled> => {
  const handle = createPollMarketData(deps);
  const describe = (
    { cycleId }: z.output<typeof Input>,
    { shard, polled, valid, confirmed, dataMode, rejected, samples }: ShardPolled,
  ) => ({
    cycleId,
    shard,
    polled,
    valid,
    confirmed,
    dataMode,
    ...rejected,
    // One symbol for each reason tells where to look.
    samples: Object.entries(samples)
      .map(([reason, symbol]) => `${reason}: ${symbol}`)
      .join(", "),
  });
  return createTaskHandler({ name: "poll-market-data", input: Input, handle, describe }, runtime);
};
