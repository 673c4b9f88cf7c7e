import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createWorkflow } from "../../../local/world/run-workflow.ts";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { HEAL_LIMITS_MS } from "../../../simulation/world/deployment.ts";
import { heal, type HealFunctions } from "../../../simulation/world/run-heal.ts";

const HEAL = new URL("../../../lib/workflows/heal.asl.json", import.meta.url);

const finding = { cause: "flowStale", component: "flow", subject: "", detail: "Old." } as const;
const cycle = { cycleId: "heal-0", slotMs: 0, symbols: ["IBM"] };

type Scene = {
  readonly treatment: "nothing" | "wait" | "apply" | "escalate" | "halt";
  readonly wake?: "pollFlow" | "reconcileOrders" | "redriveDeadLetters" | "none";
  /** What becomes of the remedy; it is not needed again after the second time. */
  readonly outcome?: "helped" | "failed" | "undone";
  /** What was found; a stale flow unless it is said. */
  readonly cause?: "pipelineBroken";
  /** Whether the probe passes; it does unless it is said. */
  readonly passed?: boolean;
  /** The function that throws, by the name of its state. */
  readonly failing?: string;
  readonly isPassing?: boolean;
};

/** Functions that note each call, and answer as the scene tells them to. */
const createScene = (scene: Scene) => {
  const { treatment: type, wake = "none", outcome = "helped", failing, isPassing } = scene;
  let uses = 0;
  let looks = 0;
  const calls: { readonly name: string; readonly event: unknown }[] = [];
  const answer = async (name: string, event: unknown, value: unknown): Promise<never> => {
    calls.push({ name, event: JSON.parse(canonicalJson(event)) });
    if (name === failing) {
      throw isPassing === true ? new RetryableError("Again.") : new TypeError("It is broken.");
    }
    return value as never;
  };
  const treatment =
    type === "nothing"
      ? { type }
      : type === "wait"
        ? { type, reason: "A moment." }
        : type === "apply"
          ? { type, remedy: "refetchFlow", finding }
          : { type, finding: { ...finding, cause: scene.cause ?? finding.cause }, reason: "None." };
  const applied = { id: "1", remedy: "refetchFlow", finding, isApplied: true, wake, cycle };
  const functions = {
    Diagnose: (event: unknown) =>
      answer("Diagnose", event, {
        findings: [finding],
        // Nothing is left behind two remedies, or behind a probe that passed.
        treatment: uses < 2 && looks++ < 6 ? treatment : { type: "nothing" },
      }),
    Apply: (event: unknown) => {
      uses += 1;
      return answer("Apply", event, applied);
    },
    Verify: (event: unknown) => answer("Verify", event, { outcome, detail: "" }),
    GiveUp: (event: unknown) => answer("GiveUp", event, { outcome: "escalated", detail: "" }),
    Probe: (event: unknown) => answer("Probe", event, { passed: scene.passed ?? true }),
    PollFlow: (event: unknown) => answer("PollFlow", event, {}),
    ReconcileOrders: (event: unknown) => answer("ReconcileOrders", event, {}),
    RedriveDeadLetters: (event: unknown) => answer("RedriveDeadLetters", event, {}),
  };
  return { calls, functions };
};

const STEPS = { diagnose: "Diagnose", apply: "Apply", verify: "Verify", giveUp: "GiveUp" } as const;

// Reading the definition takes longer than running it: all scenes share one.
let { functions: current } = createScene({ treatment: "nothing" });
const runDeployed = createWorkflow(
  HEAL,
  {
    RunDiagnostics: (event) => {
      const { step } = event as { readonly step: keyof typeof STEPS };
      return current[STEPS[step]](event);
    },
    ProbePipeline: (event) => current.Probe(event),
    PollFlow: (event) => current.PollFlow(event),
    ReconcileOrders: (event) => current.ReconcileOrders(event),
    RedriveDeadLetters: (event) => current.RedriveDeadLetters(event),
  },
  { LetItWork: 0, BackOff: 0 },
);

const asDeployed = async (scene: Scene) => {
  const { calls, functions } = createScene(scene);
  current = functions;
  await runDeployed({}).catch(() => calls.push({ name: "failed", event: {} }));
  return calls;
};

const asSimulated = async (scene: Scene) => {
  const { calls, functions } = createScene(scene);
  const simulated: HealFunctions = {
    ...functions,
    ProbeAgain: functions.Probe,
    wait: async () => undefined,
  };
  await heal(simulated).catch(() => calls.push({ name: "failed", event: {} }));
  return calls;
};

describe("the simulated healing", () => {
  it.each<[string, Scene]>([
    ["when all is well", { treatment: "nothing" }],
    ["when a remedy was used a moment ago", { treatment: "wait" }],
    ["when a person has to act", { treatment: "escalate" }],
    ["when trading has to stop", { treatment: "halt" }],
    ["when the flow is fetched again", { treatment: "apply", wake: "pollFlow" }],
    ["when the broker is asked", { treatment: "apply", wake: "reconcileOrders" }],
    ["when dead letters are tended", { treatment: "apply", wake: "redriveDeadLetters" }],
    ["when nobody is woken", { treatment: "apply" }],
    ["when what the probe met is over", { treatment: "escalate", cause: "pipelineBroken" }],
    ["when it is not", { treatment: "escalate", cause: "pipelineBroken", passed: false }],
    ["when nobody can tell", { treatment: "escalate", cause: "pipelineBroken", failing: "Probe" }],
    ["when the remedy does not help", { treatment: "apply", outcome: "failed" }],
    ["when the remedy is undone", { treatment: "apply", outcome: "undone" }],
    ["when what is woken fails", { treatment: "apply", wake: "pollFlow", failing: "PollFlow" }],
    ["when the probe cannot run", { treatment: "apply", failing: "Probe" }],
    ["when the remedy breaks", { treatment: "apply", failing: "Apply" }],
    ["when nothing can be found out", { treatment: "nothing", failing: "Diagnose" }],
  ])("calls the functions of the deployed workflow with its inputs, %s", async (_name, scene) => {
    const [deployed, simulated] = [await asDeployed(scene), await asSimulated(scene)];
    expect(simulated).toEqual(deployed);
  });

  it("tries again what may pass, as often as the deployed workflow", async () => {
    for (const [treatment, failing] of [
      ["nothing", "Diagnose"],
      ["escalate", "GiveUp"],
      ["apply", "Verify"],
    ] as const) {
      const calls = await asSimulated({ treatment, failing, isPassing: true });
      const { States } = JSON.parse(readFileSync(HEAL, "utf8")) as {
        readonly States: Readonly<Record<string, { readonly Retry?: readonly Retry[] }>>;
      };
      const retries = States[failing]?.Retry?.[0]?.MaxAttempts ?? 0;
      expect(calls.filter(({ name }) => name === failing)).toHaveLength(1 + retries);
    }
  });

  it("gives tasks the limits of the definition, and waits as long", () => {
    const { States, TimeoutSeconds } = JSON.parse(readFileSync(HEAL, "utf8")) as {
      readonly States: Readonly<Record<string, Timed>>;
      readonly TimeoutSeconds: number;
    };
    const timed = Object.entries(States).flatMap(([name, state]) => {
      const seconds = state.TimeoutSeconds ?? state.Seconds;
      return seconds === undefined ? [] : [[name, seconds * 1_000]];
    });
    expect({ ...Object.fromEntries(timed), workflow: TimeoutSeconds * 1_000 }).toEqual(
      HEAL_LIMITS_MS,
    );
  });
});

type Retry = { readonly MaxAttempts: number };
type Timed = { readonly TimeoutSeconds?: number; readonly Seconds?: number };
