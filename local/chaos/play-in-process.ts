import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { FAILURES } from "../../shared/domain/chaos/chaos-mode.ts";
import { DrillFault } from "../drills/drill-world.ts";
import type { ScenarioResult } from "./judge-scenario.ts";
import type { ChaosScenario } from "./scenarios.ts";

const Milliseconds = z.number().nullable();
const Words = z.array(z.string());

const Result: z.ZodType<ScenarioResult> = z.object({
  name: z.enum(FAILURES),
  expects: z.enum(["alert", "noHarm"]),
  needsPeople: z.boolean(),
  isOnce: z.boolean(),
  detectMs: Milliseconds,
  firstSign: z.string(),
  signToAlertMs: Milliseconds,
  alertMs: Milliseconds,
  struck: z.number(),
  tradesAgainMs: Milliseconds,
  recoverMs: Milliseconds,
  lastReason: z.string(),
  worst: z.string().nullable(),
  alerts: Words,
  remedies: Words,
  ordersSent: z.number(),
  ordersDoubled: z.number(),
  ordersUnguarded: z.number(),
  dataLost: Words,
  lame: Words,
  bystanders: z.number(),
  cascaded: Words,
  ok: z.boolean(),
  broken: Words,
});

const Report = z.object({ scenarios: z.array(Result).length(1) });

/** How the CLI is started, and what it is told beside the scenario. */
type ProcessOptions = {
  readonly command: readonly [string, ...string[]];
  readonly words: readonly string[];
  readonly stopped: AbortSignal;
};

/**
 * Plays a scenario in a process of its own, as the CLI would: worlds that run beside each other do
 * not hold up each other's timers. Throws `DrillFault` where the process gave no result.
 */
export const playInProcess = async (
  { name }: ChaosScenario,
  { command: [program, ...before], words, stopped }: ProcessOptions,
): Promise<ScenarioResult> => {
  const given = [...before, "chaos", "run", name, "--json", "--at-once", "1", ...words];
  const child = spawn(program, given, { stdio: ["ignore", "pipe", "ignore"] });
  const stop = (): void => void child.kill("SIGTERM");
  stopped.addEventListener("abort", stop, { once: true });
  try {
    const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
    const report = Report.safeParse(parseJson(output));
    const [result] = report.success ? report.data.scenarios : [];
    if (result === undefined) throw new DrillFault(`The run of ${name} gave no result.`);
    return result;
  } finally {
    stopped.removeEventListener("abort", stop);
  }
};

const parseJson = (output: string): unknown => {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
};
