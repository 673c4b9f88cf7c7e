import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createDrillFailover,
  type DrillFailoverDeps,
  type DrillStep,
} from "../../shared/use-cases/drill-failover.ts";
import { Step } from "./step.ts";

/** Does one step of a drill in the Region that takes over. */
export const createHandler = (
  deps: DrillFailoverDeps,
  runtime: Runtime,
): FunctionHandler<unknown, DrillStep> => {
  const drill = createDrillFailover(deps);
  const take = (step: Step): Promise<DrillStep> => {
    switch (step.step) {
      case "prepare":
        return drill.prepare(step.drillId, step.scenario);
      case "strike":
        return drill.strike(step.drillId);
      case "observe":
        return drill.observe(step.drillId);
      case "restore":
        return drill.restore(step.drillId);
      case "report":
        return drill.report(step.drillId);
    }
  };
  return createTaskHandler(
    {
      name: "drill-failover",
      input: Step,
      handle: take,
      describe: ({ step, drillId }, { state, detail }) => ({ step, drillId, state, detail }),
    },
    runtime,
  );
};
