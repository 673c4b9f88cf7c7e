import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChaosControl } from "../../shared/adapters/chaos/chaos-control.ts";
import {
  parseChaosMode,
  type ChaosMode,
  type ChaosWorld,
} from "../../shared/domain/chaos/chaos-mode.ts";
import type { Clock } from "../../shared/ports/clock.ts";

const FILE = "chaos";
/** So long a world may go on as it was after the file has changed. */
const LOOK_EVERY_MS = 500;

/** Breaks something in the world that keeps its state here; a live world never looks. */
export const injectChaos = (stateDirectory: string, mode: ChaosMode): void =>
  writeFileSync(join(stateDirectory, FILE), `${mode}\n`);

/** Ends what was broken. */
export const clearChaos = (stateDirectory: string): void =>
  rmSync(join(stateDirectory, FILE), { force: true });

/** What the file of a world's state says is broken; a word that nobody knows breaks nothing. */
export const createFileChaos = (
  _world: ChaosWorld,
  stateDirectory: string,
  host: Pick<Clock, "monotonicMs">,
): ChaosControl => {
  let current: ChaosMode = "off";
  let lookedAtMs = -Infinity;
  return {
    isOn: (...modes) => {
      if (host.monotonicMs() - lookedAtMs >= LOOK_EVERY_MS) {
        lookedAtMs = host.monotonicMs();
        current = readMode(stateDirectory);
      }
      return current !== "off" && modes.includes(current);
    },
  };
};

const readMode = (stateDirectory: string): ChaosMode => {
  try {
    return parseChaosMode(readFileSync(join(stateDirectory, FILE), "utf8").trim()) ?? "off";
  } catch {
    return "off";
  }
};
