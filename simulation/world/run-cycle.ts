import { runTradingCycle, type CycleFunctions } from "../../local/replay/trading-cycle.ts";
import type { Engine } from "../engine/engine.ts";
import type { FunctionName } from "../observation.ts";
import { TASK_LIMITS_MS } from "./deployment.ts";
import { createTasks } from "./task-of.ts";

/**
 * Runs the trading cycle's workflow for a slot: the same steps that the replay runs, with each
 * task's own time limit, and the end of the whole execution after which nothing is started any more.
 */
export const runCycle = (
  engine: Engine,
  invoke: (name: FunctionName, event: unknown) => Promise<unknown>,
  slotMs: number,
): Promise<unknown> => {
  const task = createTasks(engine, invoke, engine.nowMs() + TASK_LIMITS_MS.workflow);
  const functions: CycleFunctions = {
    OpenCycle: task("open-cycle", TASK_LIMITS_MS.OpenCycle),
    PollMarketData: task("poll-market-data", TASK_LIMITS_MS.PollMarketData),
    PollFlow: task("poll-flow", TASK_LIMITS_MS.PollFlow),
    CloseCycle: task("close-cycle", TASK_LIMITS_MS.CloseCycle),
  };
  return runTradingCycle(functions, slotMs);
};
