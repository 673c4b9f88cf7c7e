import { SCENARIOS } from "../local/chaos/scenarios.ts";
import { runChaos, type ChaosReport } from "../local/chaos/run-chaos.ts";
import { drillSettings } from "../local/drills/drill-settings.ts";
import type { Failure } from "../shared/domain/chaos/chaos-mode.ts";
import { parseConfiguration } from "../shared/runtime/configuration.ts";
import { type Benchmark, NotMeasurable } from "./benchmark.ts";

/** One of each kind: outside, a store, damage, a vendor. `chaos run --all` plays them all. */
const PLAYED: readonly Failure[] = ["broker_down", "flow_down", "state_corrupt", "ledger_down"];
const SYMBOLS = 8;
const SPEED = 20;

let played: Promise<ChaosReport> | undefined;

/** The three rows are of the same run. */
const playOnce = (report: (note: string) => void): Promise<ChaosReport> => {
  played ??= play(report);
  return played;
};

const play = async (report: (note: string) => void): Promise<ChaosReport> => {
  const parsed = parseConfiguration("version: 1\nsymbols: [SPY]\n", {});
  if (!parsed.ok) throw new NotMeasurable("The configuration of the worlds is not valid.");
  const settings = drillSettings(parsed.value);
  const result = await runChaos({
    settings: { ...settings, symbols: settings.symbols.slice(0, SYMBOLS) },
    seed: 1,
    speed: SPEED,
    atOnce: PLAYED.length,
    stopped: new AbortController().signal,
    scenarios: SCENARIOS.filter(({ name }) => PLAYED.includes(name)),
  });
  for (const { name, broken } of result.scenarios) {
    for (const sentence of broken) report(`${name}: ${sentence}`);
  }
  return result;
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
