import { fileURLToPath } from "node:url";
import { playInProcess } from "../local/chaos/play-in-process.ts";
import { runChaos, type ChaosReport } from "../local/chaos/run-chaos.ts";
import { SCENARIOS } from "../local/chaos/scenarios.ts";
import { drillSettings } from "../local/drills/drill-settings.ts";
import type { Failure } from "../shared/domain/chaos/chaos-mode.ts";
import { DrillFault } from "../local/drills/drill-world.ts";
import { parseConfiguration } from "../shared/runtime/configuration.ts";
import { type Benchmark, NotMeasurable } from "./benchmark.ts";

/** One of each kind: outside, a store, damage, a vendor. `chaos run --all` plays them all. */
const PLAYED: readonly Failure[] = ["broker_down", "flow_down", "state_corrupt", "ledger_down"];
const SEED = 1;
const SPEED = 20;
/** Each in a process of its own, and no more than the cores of a small machine. */
const AT_ONCE = 2;
const CLI = fileURLToPath(new URL("../bin/holdfast.mjs", import.meta.url));
const CONFIGURATION = fileURLToPath(new URL("../holdfast.yaml", import.meta.url));

let played: Promise<ChaosReport> | undefined;

/** The three rows are of the same run. */
const playOnce = (report: (note: string) => void): Promise<ChaosReport> => {
  played ??= play(report);
  return played;
};

const play = async (report: (note: string) => void): Promise<ChaosReport> => {
  const parsed = parseConfiguration("version: 1\nsymbols: [SPY]\n", {});
  if (!parsed.ok) throw new NotMeasurable("The configuration of the worlds is not valid.");
  const stopped = new AbortController().signal;
  const words = ["--seed", `${SEED}`, "--speed", `${SPEED}`, "--config", CONFIGURATION];
  const command = [process.execPath, CLI] as const;
  const result = await orNotMeasurable(() =>
    runChaos({
      settings: drillSettings(parsed.value),
      seed: SEED,
      speed: SPEED,
      atOnce: AT_ONCE,
      stopped,
      scenarios: SCENARIOS.filter(({ name }) => PLAYED.includes(name)),
      play: (scenario) => playInProcess(scenario, { command, words, stopped }),
    }),
  );
  for (const { name, broken } of result.scenarios) {
    for (const sentence of broken) report(`${name}: ${sentence}`);
  }
  return result;
};

const orNotMeasurable = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DrillFault) throw new NotMeasurable(error.message);
    throw error;
  }
};

const orMissing = (value: number | null, what: string): number => {
  if (value === null) throw new NotMeasurable(`There was no ${what}.`);
  return value;
};

/** From the first sign of a failure in the local world to the alert at the pager, the slowest. */
export const faultToAlert: Benchmark = {
  name: "fault-to-alert",
  unit: "ms max",
  goal: { direction: "atMost", value: 1_000 },
  measure: async (report) => {
    const { signToAlertMaxMs } = await playOnce(report);
    return { ours: orMissing(signToAlertMaxMs, "alert") };
  },
};

/** From the end of a failure's cause to health that is OK, the mean, in the market's time. */
export const timeToRecover: Benchmark = {
  name: "time-to-recover",
  unit: "market s mean",
  goal: { direction: "atMost", value: 300 },
  measure: async (report) => {
    const { recoverMeanMs } = await playOnce(report);
    return { ours: orMissing(recoverMeanMs, "recovery") / 1_000 };
  },
};

/** Of what needed nothing of the broken thing, the share that went on. */
export const cascadesPrevented: Benchmark = {
  name: "cascades-prevented",
  unit: "%",
  goal: { direction: "atLeast", value: 95 },
  measure: async (report) => ({ ours: (await playOnce(report)).cascadesPrevented * 100 }),
};
