import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createWorkflow, type WorkflowTasks } from "../../local/world/run-workflow.ts";

const HEAL = new URL("../../lib/workflows/heal.asl.json", import.meta.url);

const finding = { cause: "flowStale", component: "flow", subject: "", detail: "It is old." };
const cycle = { cycleId: "heal-1", slotMs: 60_000, symbols: ["SPY"] };
const applied = {
  id: "1",
  remedy: "refetchFlow",
  finding,
  isApplied: true,
  wake: "pollFlow",
  cycle,
};

type Call = { readonly name: string; readonly input: unknown };

const NOTHING = { findings: [], treatment: { type: "nothing" } };

/** Runs it; the first look finds `diagnosis`, and so does each after a remedy that failed. */
const run = async (
  diagnosis: object,
  change: Partial<Record<"ProbePipeline" | "PollFlow", () => Promise<unknown>>> = {},
  appliedAs: object = applied,
  outcomes: readonly string[] = ["helped"],
  isOverBy: () => boolean = () => false,
) => {
  const calls: Call[] = [];
  const verdicts = [...outcomes];
  let isOver = false;
  const task =
    (name: string, answer: (input: { readonly step?: string }) => Promise<unknown>) =>
    async (input: unknown) => {
      calls.push({ name, input });
      return answer(input as { readonly step?: string });
    };
  const tasks: WorkflowTasks = {
    RunDiagnostics: task("RunDiagnostics", async ({ step }) => {
      if (step === "diagnose") return isOver || isOverBy() ? NOTHING : diagnosis;
      if (step === "apply") return appliedAs;
      const outcome = verdicts.shift() ?? "helped";
      isOver = outcome === "helped";
      return { outcome, detail: "So." };
    }),
    ProbePipeline: task("ProbePipeline", change.ProbePipeline ?? (async () => ({ passed: true }))),
    PollFlow: task("PollFlow", change.PollFlow ?? (async () => ({}))),
    ReconcileOrders: task("ReconcileOrders", async () => ({})),
    RedriveDeadLetters: task("RedriveDeadLetters", async () => ({})),
  };
  await createWorkflow(HEAL, tasks, { LetItWork: 0, BackOff: 0 })({});
  return calls;
};

const names = (calls: readonly Call[]): readonly string[] => calls.map(({ name }) => name);

const fail = async (): Promise<never> => {
  throw new Error("It does not answer.");
};

describe("the heal workflow", () => {
  it("is valid Amazon States Language", () => {
    const validate: unknown = createRequire(import.meta.url)("asl-validator");
    const Validator = z.custom<(definition: unknown) => { isValid: boolean; errors: unknown[] }>(
      (candidate) => typeof candidate === "function",
    );
    const candidate =
      typeof validate === "function" ? validate : z.looseObject({}).parse(validate)["default"];
    const definition: unknown = JSON.parse(readFileSync(HEAL, "utf8"));
    expect(Validator.parse(candidate)(definition)).toMatchObject({ isValid: true, errors: [] });
  });

  it("does nothing where nothing is wrong", async () => {
    const calls = await run({ findings: [], treatment: { type: "nothing" } });
    expect(names(calls)).toEqual(["RunDiagnostics"]);
  });

  it("applies, wakes, waits, probes and verifies", async () => {
    const treatment = { type: "apply", remedy: "refetchFlow", finding };
    const calls = await run({ findings: [finding], treatment });
    expect(names(calls)).toEqual([
      "RunDiagnostics",
      "RunDiagnostics",
      "PollFlow",
      "ProbePipeline",
      "RunDiagnostics",
      "RunDiagnostics",
    ]);
    expect(calls[1]?.input).toEqual({ step: "apply", treatment });
    expect(calls[2]?.input).toEqual(cycle);
    expect(calls[4]?.input).toEqual({ step: "verify", applied, probePassed: true });
  });

  it.each([
    ["reconcileOrders", "ReconcileOrders"],
    ["redriveDeadLetters", "RedriveDeadLetters"],
    ["none", "ProbePipeline"],
  ])("starts what %s asks for", async (wake, next) => {
    const treatment = { type: "apply", remedy: "settleUnknown", finding };
    const calls = await run({ findings: [finding], treatment }, {}, { ...applied, wake });
    expect(names(calls)[2]).toBe(next);
  });

  it("verifies as not passed where the woken function fails and no probe can be run", async () => {
    const treatment = { type: "apply", remedy: "refetchFlow", finding };
    const change = { PollFlow: fail, ProbePipeline: fail };
    const calls = await run({ findings: [finding], treatment }, change);
    expect(calls.at(-2)?.input).toMatchObject({ step: "verify", probePassed: false });
  });

  it("tries again what did not help, until a look finds nothing that it may do", async () => {
    const treatment = { type: "apply", remedy: "refetchFlow", finding };
    const calls = await run({ findings: [finding], treatment }, {}, applied, [
      "failed",
      "undone",
      "failed",
      "helped",
    ]);
    const steps = calls.flatMap(({ input }) => (input as { readonly step?: string }).step ?? []);
    const round = ["diagnose", "apply", "verify"];
    expect(steps).toEqual([...round, ...round, ...round, ...round, "diagnose"]);
  });

  it.each([
    ["looks again where the probe passes by now", true, ["ProbePipeline", "RunDiagnostics"]],
    ["calls a person where it still fails", false, ["ProbePipeline", "RunDiagnostics"]],
  ])("probes again before anybody is called for a probe, and %s", async (_what, passed, rest) => {
    const broken = { ...finding, cause: "pipelineBroken" };
    const treatment = { type: "escalate", finding: broken, reason: "The probe stopped." };
    let isProbed = false;
    const calls = await run(
      { findings: [broken], treatment },
      {
        ProbePipeline: async () => {
          isProbed = true;
          return { passed };
        },
      },
      applied,
      [],
      () => isProbed && passed,
    );
    expect(names(calls).slice(1)).toEqual(rest);
    const last = calls.at(-1)?.input;
    expect(last).toMatchObject({ step: passed ? "diagnose" : "giveUp" });
  });

  it.each(["escalate", "halt"])("gives up where it is to %s", async (type) => {
    const treatment = { type, finding, reason: "A person has to look." };
    const calls = await run({ findings: [finding], treatment });
    expect(calls.at(-1)?.input).toEqual({ step: "giveUp", treatment });
  });
});
