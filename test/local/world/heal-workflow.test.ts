import { describe, expect, it } from "vitest";
import { createHeal } from "../../../local/world/heal-workflow.ts";
import type { Diagnosed } from "../../../lambdas/run-diagnostics/handler.ts";

const finding = { cause: "flowStale", component: "flow", subject: "", detail: "Old." } as const;
const cycle = { cycleId: "heal-0", slotMs: 0, symbols: ["IBM"] };

const unused = async (): Promise<never> => {
  throw new Error("Nobody needs it here.");
};

/** Healing at the pace of the host: behind a remedy it waits for more than a minute. */
const openHealing = (diagnose?: () => Promise<Diagnosed>) => {
  const steps: string[] = [];
  const { promise: applied, resolve: onApplied } = Promise.withResolvers<void>();
  const answers: Readonly<Record<string, Diagnosed>> = {
    diagnose: {
      findings: [finding],
      treatment: { type: "apply", remedy: "refetchFlow", finding },
    },
    apply: { id: "1", remedy: "refetchFlow", finding, isApplied: true, wake: "none", cycle },
  };
  const runDiagnostics = async (event: unknown): Promise<Diagnosed> => {
    const { step } = event as { readonly step: string };
    steps.push(step);
    if (step === "diagnose" && diagnose !== undefined) return diagnose();
    if (step === "apply") onApplied();
    return answers[step] ?? unused();
  };
  const healing = createHeal(
    {
      runDiagnostics,
      probePipeline: unused,
      pollFlow: unused,
      reconcileOrders: unused,
      redriveDeadLetters: unused,
    },
    { tell: () => undefined, clock: { nowMs: () => 0, hostMsUntil: (atMs) => atMs } },
  );
  return { healing, steps, applied };
};

describe("healing in a local world", () => {
  it("ends where it waits when the world is stopped, and begins nothing any more", async () => {
    const { healing, steps, applied } = openHealing();
    const run = healing.run();
    await applied;
    await healing.stop();
    expect(await run).toBeNull();
    expect(await healing.run()).toBeNull();
    expect(steps).toEqual(["diagnose", "apply"]);
  });

  it("waits for the step that is at work, even if that fails", async () => {
    const { promise, reject } = Promise.withResolvers<Diagnosed>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { healing } = openHealing(() => {
      begin();
      return promise;
    });
    const run = healing.run();
    await begun;
    let isStopped = false;
    const stopping = healing.stop().finally(() => {
      isStopped = true;
    });
    expect(await run).toBeNull();
    expect(isStopped).toBe(false);
    reject(new Error("The store does not answer."));
    await stopping;
  });
});
