import { chaosWorldOf } from "../../shared/domain/chaos/chaos-mode.ts";
import { newYorkToEpochMs } from "../../shared/domain/market/new-york-time.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { assert } from "../../shared/domain/assert.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { playScenario, type ScenarioResult } from "./play-scenario.ts";
import type { ChaosScenario } from "./scenarios.ts";

/** All scenarios that were played, and what holds over them. */
export type ChaosReport = {
  readonly mode: Settings["mode"];
  readonly seed: number;
  readonly scenarios: readonly ScenarioResult[];
  /** Of the components that no failure struck, the share that stayed up, 0 to 1. */
  readonly cascadesPrevented: number;
  readonly ok: boolean;
};

/** What is played. */
export type ChaosOptions = {
  readonly settings: Settings;
  readonly seed: number;
  readonly scenarios: readonly ChaosScenario[];
  readonly onScenario?: (scenario: ChaosScenario, index: number) => void;
  readonly stopped?: AbortSignal;
};

/** An ordinary Tuesday, half an hour after the open. */
const DATE = parseSessionDate("2026-03-10");
const STARTS_AT_MS = 10 * 60 * 60_000;
const PREVENTED_MIN = 0.95;

/** Plays scenarios one after the other, each in a world of its own, the same for the same seed. */
export const runChaos = async (options: ChaosOptions): Promise<ChaosReport> => {
  const { settings, seed, scenarios } = options;
  const world = chaosWorldOf(settings.mode);
  assert(world.ok, "Chaos is played in a world without real orders.");
  assert(DATE !== undefined, "The day of the scenarios is one.");
  const startsAtMs = newYorkToEpochMs(DATE, STARTS_AT_MS);
  const results: ScenarioResult[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    if (options.stopped?.aborted === true) break;
    options.onScenario?.(scenario, index);
    const played = { settings, seed, startsAtMs, world: world.value };
    results.push(await playScenario(scenario, played));
  }
  const bystanders = results.reduce((sum, one) => sum + one.bystanders, 0);
  const cascaded = results.reduce((sum, { cascaded: { length } }) => sum + length, 0);
  const cascadesPrevented = bystanders === 0 ? 1 : (bystanders - cascaded) / bystanders;
  const isWhole = results.length === scenarios.length;
  return {
    mode: settings.mode,
    seed,
    scenarios: results,
    cascadesPrevented,
    ok: isWhole && results.every(({ ok }) => ok) && cascadesPrevented >= PREVENTED_MIN,
  };
};
