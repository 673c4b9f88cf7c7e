import { runTradingCycle, type CycleFunctions } from "../../local/replay/trading-cycle.ts";
import type { Engine } from "../engine/engine.ts";
import { whenSettled } from "../engine/when-settled.ts";
import type { FunctionName } from "../observation.ts";
import { LambdaFault } from "../services/lambda.ts";
import { TASK_LIMITS_MS } from "./deployment.ts";

/**
 * Runs the trading cycle's workflow for a slot: the same steps that the replay runs, with each
 * task's own time limit, and the end of the whole execution after which nothing is started any more.
 */
export const runCycle = (
  engine: Engine,
  invoke: (name: FunctionName, event: unknown) => Promise<unknown>,
  slotMs: number,
): Promise<unknown> => {
  const endsAtMs = engine.nowMs() + TASK_LIMITS_MS.workflow;
  const task =
    (name: FunctionName, limitMs: number) =>
    (event: unknown): Promise<never> => {
      // An execution that ran out starts nothing; nobody hears of what it still waits for.
      if (engine.nowMs() >= endsAtMs) return new Promise(() => undefined);
      // A task's answer has the type of its function; the workflow only hands it on.
      return within(engine, limitMs, invoke(name, event)) as Promise<never>;
    };
  const functions: CycleFunctions = {
    OpenCycle: task("open-cycle", TASK_LIMITS_MS.OpenCycle),
    PollMarketData: task("poll-market-data", TASK_LIMITS_MS.PollMarketData),
    PollFlow: task("poll-flow", TASK_LIMITS_MS.PollFlow),
    CloseCycle: task("close-cycle", TASK_LIMITS_MS.CloseCycle),
  };
  return runTradingCycle(functions, slotMs);
};

const within = (engine: Engine, limitMs: number, work: Promise<unknown>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const limit = engine.after(limitMs, () => {
      engine.wake();
      reject(new LambdaFault("States.Timeout"));
    });
    void whenSettled(
      work,
      (answer) => {
        limit.cancel();
        resolve(answer);
      },
      (error) => {
        limit.cancel();
        reject(error);
      },
    );
  });
