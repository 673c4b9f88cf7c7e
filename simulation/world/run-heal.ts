import { RetryableError } from "../../shared/domain/fault.ts";
import type { Diagnosis } from "../../shared/use-cases/healing/run-diagnostics.ts";
import type { AppliedRemedy, Verdict } from "../../shared/use-cases/healing/verify-remedy.ts";
import type { Engine } from "../engine/engine.ts";
import type { FunctionName } from "../observation.ts";
import { LambdaFault } from "../services/lambda.ts";
import { HEAL_LIMITS_MS } from "./deployment.ts";
import { createTasks } from "./task-of.ts";

/** The functions of the heal workflow, under the names by which its definition calls them. */
export type HealFunctions = {
  readonly Diagnose: (event: unknown) => Promise<Diagnosis>;
  readonly Apply: (event: unknown) => Promise<AppliedRemedy>;
  readonly Verify: (event: unknown) => Promise<Verdict>;
  readonly GiveUp: (event: unknown) => Promise<Verdict>;
  readonly Probe: (event: unknown) => Promise<{ readonly passed: boolean }>;
  readonly ProbeAgain: (event: unknown) => Promise<{ readonly passed: boolean }>;
  readonly PollFlow: (event: unknown) => Promise<unknown>;
  readonly ReconcileOrders: (event: unknown) => Promise<unknown>;
  readonly RedriveDeadLetters: (event: unknown) => Promise<unknown>;
  /** Passes time, ms. */
  readonly wait: (ms: number) => Promise<void>;
};

/** Runs the heal workflow on a Region's functions, each task with its own time limit. */
export const runHeal = (
  engine: Engine,
  invoke: (name: FunctionName, event: unknown) => Promise<unknown>,
): Promise<unknown> => {
  const task = createTasks(engine, invoke, engine.nowMs() + HEAL_LIMITS_MS.workflow);
  return heal({
    Diagnose: task("run-diagnostics", HEAL_LIMITS_MS.Diagnose),
    Apply: task("run-diagnostics", HEAL_LIMITS_MS.Apply),
    Verify: task("run-diagnostics", HEAL_LIMITS_MS.Verify),
    GiveUp: task("run-diagnostics", HEAL_LIMITS_MS.GiveUp),
    Probe: task("probe-pipeline", HEAL_LIMITS_MS.Probe),
    ProbeAgain: task("probe-pipeline", HEAL_LIMITS_MS.ProbeAgain),
    PollFlow: task("poll-flow", HEAL_LIMITS_MS.PollFlow),
    ReconcileOrders: task("reconcile-orders", HEAL_LIMITS_MS.ReconcileOrders),
    RedriveDeadLetters: task("redrive-dead-letters", HEAL_LIMITS_MS.RedriveDeadLetters),
    wait: (ms) =>
      new Promise((resolve) => {
        engine.after(ms, () => {
          engine.wake();
          resolve();
        });
      }),
  });
};

/** More looks than the budget of remedies allows: the deployed workflow has its time limit. */
const LOOKS_MAX = 32;

/**
 * Does what `lib/workflows/heal.asl.json` does, without a state machine; a test holds the two
 * against each other. Answers with the last step's answer, undefined where nothing was left to do.
 */
export const heal = async (functions: HealFunctions): Promise<Verdict | undefined> => {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const step = await healOnce(functions);
    if (step.next === "end") return step.verdict;
    if (step.next === "backOff") await functions.wait(HEAL_LIMITS_MS.BackOff);
  }
  return undefined;
};

/** One look, and how it goes on behind it. */
type HealStep =
  | { readonly next: "end"; readonly verdict: Verdict | undefined }
  | { readonly next: "look" }
  | { readonly next: "backOff" };

const healOnce = async (functions: HealFunctions): Promise<HealStep> => {
  const { treatment } = await retry(functions, 2, () => functions.Diagnose({ step: "diagnose" }));
  switch (treatment.type) {
    case "nothing":
    case "wait":
      return { next: "end", verdict: undefined };
    case "escalate":
    case "halt": {
      const isOfProbe =
        treatment.type === "escalate" && treatment.finding.cause === "pipelineBroken";
      if (isOfProbe && (await passes(functions.ProbeAgain))) return { next: "look" };
      const verdict = await retry(functions, 3, () =>
        functions.GiveUp({ step: "giveUp", treatment }),
      );
      return { next: "end", verdict };
    }
    case "apply": {
      const applied = await functions.Apply({ step: "apply", treatment });
      await wake(functions, applied);
      await functions.wait(HEAL_LIMITS_MS.LetItWork);
      const probePassed = await passes(functions.Probe);
      const { outcome } = await retry(functions, 2, () =>
        functions.Verify({ step: "verify", applied, probePassed }),
      );
      return { next: outcome === "helped" ? "look" : "backOff" };
    }
  }
};

/** What the woken function comes to shows in what is found afterwards. */
const wake = async (functions: HealFunctions, applied: AppliedRemedy): Promise<void> => {
  try {
    switch (applied.wake) {
      case "pollFlow":
        await functions.PollFlow(applied.cycle);
        return;
      case "reconcileOrders":
        await functions.ReconcileOrders({});
        return;
      case "redriveDeadLetters":
        await functions.RedriveDeadLetters({});
        return;
      case "none":
        return;
    }
  } catch {
    // The workflow catches everything here and goes on.
  }
};

/** A probe that cannot even run has not passed. */
const passes = async (probe: HealFunctions["Probe"]): Promise<boolean> => {
  try {
    return (await probe({})).passed;
  } catch {
    return false;
  }
};

const RETRY_MS = 2_000;

const retry = async <Answer>(
  { wait }: Pick<HealFunctions, "wait">,
  retriesMax: number,
  act: () => Promise<Answer>,
): Promise<Answer> => {
  for (let retries = 0; ; retries++) {
    try {
      return await act();
    } catch (error) {
      const isPassing =
        error instanceof RetryableError ||
        (error instanceof LambdaFault && error.name === "Lambda.TooManyRequestsException");
      if (!isPassing || retries >= retriesMax) throw error;
      await wait(RETRY_MS * 2 ** retries);
    }
  }
};
