import * as z from "zod";
import { CAUSES } from "../../shared/domain/healing/finding.ts";
import { REMEDY_NAMES } from "../../shared/domain/healing/remedy.ts";
import type { FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createRunDiagnostics,
  type Diagnosis,
  type RunDiagnosticsDeps,
} from "../../shared/use-cases/healing/run-diagnostics.ts";
import type { AppliedRemedy, Verdict } from "../../shared/use-cases/healing/verify-remedy.ts";

const Finding = z.strictObject({
  cause: z.enum(CAUSES),
  component: z.string(),
  subject: z.string(),
  detail: z.string(),
});

const Remedy = z.enum(REMEDY_NAMES);

/** One step of the heal workflow, as its definition calls it. */
const Step = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("diagnose") }),
  z.strictObject({
    step: z.literal("apply"),
    treatment: z.strictObject({ type: z.literal("apply"), remedy: Remedy, finding: Finding }),
  }),
  z.strictObject({
    step: z.literal("verify"),
    probePassed: z.boolean(),
    applied: z.strictObject({
      id: z.string(),
      remedy: Remedy,
      finding: Finding,
      isApplied: z.boolean(),
      wake: z.enum(["pollFlow", "reconcileOrders", "redriveDeadLetters", "none"]),
      cycle: z.strictObject({
        cycleId: z.string(),
        slotMs: z.number(),
        symbols: z.array(z.string()).max(1_000),
      }),
    }),
  }),
  z.strictObject({
    step: z.literal("giveUp"),
    treatment: z.strictObject({
      type: z.enum(["escalate", "halt"]),
      finding: Finding,
      reason: z.string(),
    }),
  }),
]);

/** What a step answers. */
export type Diagnosed = Diagnosis | AppliedRemedy | Verdict;

/** The steps of healing, for its workflow. */
export const createHandler = (
  deps: RunDiagnosticsDeps,
  runtime: Runtime,
): FunctionHandler<unknown, Diagnosed> => {
  const run = createRunDiagnostics(deps);
  return createTaskHandler(
    {
      name: "run-diagnostics",
      input: Step,
      handle: async (input): Promise<Diagnosed> => {
        switch (input.step) {
          case "diagnose":
            return run.diagnose();
          case "apply":
            return run.apply(input.treatment);
          case "verify":
            return run.verify(input.applied, input.probePassed);
          case "giveUp":
            return run.giveUp(input.treatment);
        }
      },
      describe: ({ step }, answer) => ({
        step,
        ...("treatment" in answer ? { treatment: answer.treatment.type } : {}),
        ...("remedy" in answer ? { remedy: answer.remedy, subject: answer.finding.subject } : {}),
        ...("outcome" in answer ? { outcome: answer.outcome } : {}),
      }),
    },
    runtime,
  );
};
