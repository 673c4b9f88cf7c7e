import type { Deadline, FunctionHandler, Runtime } from "../../shared/runtime/invocation.ts";
import { createTaskHandler } from "../../shared/runtime/task-handler.ts";
import {
  createReportRestoreTest,
  type ReportRestoreTestDeps,
  type RestoreTestReport,
} from "../../shared/use-cases/report-restore-test.ts";
import { tolerateLoss } from "../../shared/use-cases/tolerate-loss.ts";
import {
  createVerifyRestore,
  type RestoreTest,
  type VerifyRestoreDeps,
} from "../../shared/use-cases/verify-restore.ts";
import { Step } from "./step.ts";
import { tablesOfNightBefore, testTableOf } from "./table-name.ts";

/** What one step of the workflow came to. */
export type RestoreVerified =
  | { readonly step: "begun" | "goneOn"; readonly test: RestoreTest }
  | { readonly step: "reported"; readonly report: Omit<RestoreTestReport, "test"> }
  | { readonly step: "cleaned" };

/** What the function needs; what a person has accepted is read with the record. */
export type VerifyRestoreHandlerDeps = Omit<VerifyRestoreDeps, "account" | "accepted"> &
  ReportRestoreTestDeps;

/** Time that is kept for the answer, and for the file or session that is under way. */
const MARGIN_MS = 60_000;

/** Does one slice of a restore test: as much as its time allows, and the workflow calls again. */
export const createHandler = (
  deps: VerifyRestoreHandlerDeps,
  runtime: Runtime,
): FunctionHandler<unknown, RestoreVerified> => {
  const report = createReportRestoreTest(deps);
  const stepsOf = async () => {
    const record = await deps.records.load();
    const { account } = deps.settings;
    return createVerifyRestore({ ...deps, account, accepted: record?.accepted ?? {} });
  };
  const take = async (step: Step, deadline: Deadline): Promise<RestoreVerified> => {
    switch (step.step) {
      case "begin": {
        const steps = await stepsOf();
        for (const table of tablesOfNightBefore(step.slot)) {
          await tolerateLoss(steps.cleanUp(table));
        }
        return { step: "begun", test: await steps.begin(testTableOf(step.slot)) };
      }
      case "goOn": {
        const hasTime = (): boolean => deadline.remainingMs() > MARGIN_MS;
        return { step: "goneOn", test: await (await stepsOf()).goOn(step.test, hasTime) };
      }
      case "report":
        return reported(await report(step.test, null));
      case "reportFault":
        return reported(await report(null, `It ended with ${step.fault.Error}.`));
      case "cleanUp":
        await (await stepsOf()).cleanUp(testTableOf(step.slot));
        return { step: "cleaned" };
    }
  };
  return createTaskHandler(
    {
      name: "verify-restore",
      input: Step,
      handle: take,
      describe: ({ step }, answer) => ({
        step,
        ...("report" in answer ? { ok: answer.report.ok, detail: answer.report.detail } : {}),
        ...("test" in answer ? { phase: answer.test.phase, items: answer.test.items } : {}),
      }),
    },
    runtime,
  );
};

const reported = ({ test: _test, ...report }: RestoreTestReport): RestoreVerified => ({
  step: "reported",
  report,
});
