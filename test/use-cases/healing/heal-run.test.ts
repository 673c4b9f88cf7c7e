import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createHandler } from "../../../lambdas/run-diagnostics/handler.ts";
import { createWorkflow } from "../../../local/world/run-workflow.ts";
import { HEALING_BUDGET, isStopped } from "../../../shared/domain/healing/choose-treatment.ts";
import { createLog } from "../../../shared/runtime/log.ts";
import { noMetrics } from "../../../shared/runtime/metrics.ts";
import { healWorld } from "./heal-world.ts";

const HEAL = new URL("../../../lib/workflows/heal.asl.json", import.meta.url);
const { States } = z
  .object({ States: z.record(z.string(), z.object({ Seconds: z.number().optional() })) })
  .parse(JSON.parse(readFileSync(HEAL, "utf8")));
const secondsOf = (state: string): number => States[state]?.Seconds ?? 0;

/** What each function of the workflow may take and usually does not, seconds. */
const CALL_S = 4;

const CONTEXT = { awsRequestId: "a", getRemainingTimeInMillis: () => 40_000 };

/** A heal world whose flow fails until `mendedAfterS`, and the deployed workflow on it. */
const openRun = async (mendedAfterS = Infinity) => {
  const world = await healWorld();
  const { deps, time, proveAll, prove } = world;
  await proveAll();
  const beganAtMs = time.nowMs;
  const isMended = () => time.nowMs - beganAtMs >= mendedAfterS * 1_000;
  const pass = async (seconds: number): Promise<void> => {
    time.nowMs += seconds * 1_000;
    await proveAll();
    if (!isMended()) {
      // The pollers' word comes after what was proven.
      time.nowMs += 1;
      await prove("flow", { succeeded: false, detail: "NETWORK: reset" });
    }
  };
  const runtime = {
    log: createLog("error", () => undefined),
    metrics: noMetrics,
    clock: deps.clock,
  };
  const handler = createHandler(deps, runtime);
  const steps: string[] = [];
  const call = async <Answer>(answer: () => Promise<Answer>): Promise<Answer> => {
    await pass(CALL_S);
    return answer();
  };
  const run = createWorkflow(
    HEAL,
    {
      RunDiagnostics: async (event) => {
        const { step } = z.object({ step: z.string() }).parse(event);
        steps.push(step);
        // What it waits for stands before these steps.
        if (step === "diagnose" && steps.length > 1) await pass(secondsOf("BackOff"));
        return call(() => handler(event, CONTEXT));
      },
      ProbePipeline: async () => {
        await pass(secondsOf("LetItWork"));
        return call(async () => ({ passed: isMended() }));
      },
      PollFlow: () => call(async () => ({})),
      ReconcileOrders: () => call(async () => ({})),
      RedriveDeadLetters: () => call(async () => ({})),
    },
    { LetItWork: 0, BackOff: 0 },
  );
  return { ...world, run: () => run({}), steps, beganAtMs };
};

describe("one run of healing", () => {
  it("stops a remedy that does not help, by five failures within ten minutes, and ends", async () => {
    const { run, steps, healing, telemetry, alerts, time, beganAtMs } = await openRun();
    await run();
    const history = await healing.list(50);
    const failures = history.filter(({ outcome }) => outcome === "failed");
    expect(failures).toHaveLength(HEALING_BUDGET.failuresMax);
    expect(isStopped("refetchFlow", history, time.nowMs, HEALING_BUDGET)).toBe(true);
    const times = failures.map(({ atMs }) => atMs);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(10 * 60_000);
    expect(steps.at(-1)).toBe("giveUp");
    expect(time.nowMs - beganAtMs).toBeLessThan(15 * 60_000);
    const faults = (await telemetry.loadEvidence("flow", 50)).map(({ fault }) => fault);
    expect(faults).toContain("configuration");
    expect(alerts.filter(({ summary }) => summary.includes("is stopped"))).toHaveLength(1);
  });

  it("tries until what passes by itself has passed, and stops nothing then", async () => {
    const { run, steps, healing, time } = await openRun(240);
    await run();
    const history = await healing.list(50);
    expect(history.map(({ outcome }) => outcome)).toContain("helped");
    expect(isStopped("refetchFlow", history, time.nowMs, HEALING_BUDGET)).toBe(false);
    expect(steps.at(-1)).toBe("diagnose");
  });
});
