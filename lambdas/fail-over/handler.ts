import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import { createFailOver, type FailoverStep } from "../../shared/use-cases/fail-over.ts";
import type { ReconcileOrdersDeps } from "../../shared/use-cases/reconcile-orders.ts";
import { Step } from "./step.ts";

/** Does one step of the failover workflow, in the Region that takes over. */
export const createHandler = (
  deps: ReconcileOrdersDeps,
  runtime: Runtime,
): FunctionHandler<unknown, FailoverStep> => {
  const failOver = createFailOver(deps);
  const take = (step: Step): Promise<FailoverStep> => {
    switch (step.step) {
      case "assess":
        return failOver.assess(step.wish);
      case "settle":
        return failOver.settle(step.epoch);
      case "fence":
        return failOver.fence(step.wish, step.epoch);
      case "reconcile":
        return failOver.reconcile();
      case "announce":
        return failOver.announce(step.outcome, step.wish);
    }
  };
  return createTaskHandler(
    {
      name: "fail-over",
      input: Step,
      handle: take,
      describe: ({ step }, { state, epoch }) => ({ step, state, epoch }),
    },
    runtime,
  );
};
