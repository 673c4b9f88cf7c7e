import type { Engine } from "../engine/engine.ts";
import { whenSettled } from "../engine/when-settled.ts";
import type { FunctionName } from "../observation.ts";
import { LambdaFault } from "../services/lambda.ts";

/** How a workflow calls a function: with the limit of its own task. */
export type CallTask = (name: FunctionName, limitMs: number) => (event: unknown) => Promise<never>;

/**
 * The tasks of one execution that ends at `endsAtMs`. An execution that ran out starts nothing, and
 * nobody hears of what it still waits for.
 */
export const createTasks =
  (
    engine: Engine,
    invoke: (name: FunctionName, event: unknown) => Promise<unknown>,
    endsAtMs: number,
  ): CallTask =>
  (name, limitMs) =>
  (event) => {
    if (engine.nowMs() >= endsAtMs) return new Promise(() => undefined);
    // A task's answer has the type of its function; the workflow only hands it on.
    return within(engine, limitMs, invoke(name, event)) as Promise<never>;
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
        engine.cancel(limit);
        resolve(answer);
      },
      (error) => {
        engine.cancel(limit);
        reject(error);
      },
    );
  });
