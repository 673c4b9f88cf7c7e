import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "../../shared/domain/assert.ts";
import { chaosWorldOf } from "../../shared/domain/chaos/chaos-mode.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { unlessStopped } from "../drills/unless-stopped.ts";
import type { ScenarioResult } from "./judge-scenario.ts";
import { playScenario, type PlayOptions } from "./play-scenario.ts";
import type { ChaosScenario } from "./scenarios.ts";

/** All scenarios that were played, and what holds over them. */
export type ChaosReport = {
  readonly mode: Settings["mode"];
  readonly seed: number;
  readonly speed: number;
  readonly scenarios: readonly ScenarioResult[];
  /**
   * Of the components and symbols that needed nothing of what was broken, the share that went on.
   */
  readonly cascadesPrevented: number;
  /** The slowest where people had to be told, real milliseconds; null where nobody was. */
  readonly signToAlertMaxMs: number | null;
  /** The mean and the slowest recovery, the world's milliseconds; null where one never came. */
  readonly recoverMeanMs: number | null;
  readonly recoverMaxMs: number | null;
  /** Stopped before its end: `scenarios` holds what was finished. */
  readonly isStopped: boolean;
  readonly ok: boolean;
};

/** What is played. */
export type ChaosOptions = Omit<PlayOptions, "directory"> & {
  readonly scenarios: readonly ChaosScenario[];
  readonly onScenario?: (scenario: ChaosScenario, index: number) => void;
  readonly onResult?: (result: ScenarioResult) => void;
  /** Worlds that run beside each other: a world mostly waits. */
  readonly atOnce: number;
  /** Plays one elsewhere; without it they are played in this process. */
  readonly play?: (scenario: ChaosScenario) => Promise<ScenarioResult>;
};

const PREVENTED_MIN = 0.95;
/** E10: the mean time to recover. */
const RECOVER_MEAN_MAX_MS = 5 * 60_000;

/** Plays scenarios, each in a local world of its own that is removed after it. */
export const runChaos = async (options: ChaosOptions): Promise<ChaosReport> => {
  const { settings, seed, speed, scenarios, stopped, atOnce } = options;
  assert(chaosWorldOf(settings.mode).ok, "Chaos is played in a world without real orders.");
  const played = new Map<ChaosScenario, ScenarioResult>();
  const play = options.play ?? ((one: ChaosScenario) => playInFolder(one, options));
  const waiting = [...scenarios.entries()];
  const playOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (stopped.aborted) return;
      const [index, scenario] = next;
      options.onScenario?.(scenario, index);
      const result = await unlessStopped(stopped, () => play(scenario));
      if (result === undefined) return;
      played.set(scenario, result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playOn));
  const results = scenarios.flatMap((scenario) => played.get(scenario) ?? []);
  const isWhole = results.length === scenarios.length;
  const cascadesPrevented = preventedShare(results);
  const alerted = results.flatMap(({ expects, signToAlertMs }) =>
    expects === "alert" ? (signToAlertMs ?? []) : [],
  );
  const recovered = results.flatMap(({ recoverMs }) => recoverMs ?? []);
  const hasRecovered = recovered.length === results.length && recovered.length > 0;
  const sum = recovered.reduce((total, one) => total + one, 0);
  return {
    mode: settings.mode,
    seed,
    speed,
    scenarios: results,
    cascadesPrevented,
    signToAlertMaxMs: alerted.length === 0 ? null : Math.max(...alerted),
    recoverMeanMs: hasRecovered ? Math.round(sum / recovered.length) : null,
    recoverMaxMs: hasRecovered ? Math.max(...recovered) : null,
    isStopped: !isWhole,
    ok:
      isWhole &&
      results.every(({ ok }) => ok) &&
      cascadesPrevented >= PREVENTED_MIN &&
      hasRecovered &&
      sum / recovered.length <= RECOVER_MEAN_MAX_MS,
  };
};

const playInFolder = async (
  scenario: ChaosScenario,
  options: ChaosOptions,
): Promise<ScenarioResult> => {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-chaos-"));
  try {
    return await playScenario(scenario, { ...options, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const preventedShare = (results: readonly ScenarioResult[]): number => {
  const bystanders = results.reduce((sum, one) => sum + one.bystanders, 0);
  const cascaded = results.reduce((sum, one) => sum + one.cascaded.length, 0);
  return bystanders === 0 ? 1 : (bystanders - cascaded) / bystanders;
};
