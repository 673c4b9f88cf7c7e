import type { ChaosMode, ChaosWorld } from "../../domain/chaos/chaos-mode.ts";

/** What is broken at this moment, asked at every call. */
export type ChaosControl = { readonly isOn: (...modes: readonly ChaosMode[]) => boolean };

/** A control that can be set; it cannot be made for a live world. */
export type ChaosSwitch = ChaosControl & {
  readonly world: ChaosWorld;
  readonly inject: (mode: ChaosMode) => void;
  readonly current: () => ChaosMode;
  /** How often something met the failure. */
  readonly struck: () => number;
};

/** Makes the switch of a world that may be broken. */
export const createChaosSwitch = (world: ChaosWorld, first: ChaosMode = "off"): ChaosSwitch => {
  let mode = first;
  let strikes = 0;
  return {
    world,
    inject: (next) => {
      mode = next;
    },
    current: () => mode,
    struck: () => strikes,
    isOn: (...modes) => {
      const isStruck = mode !== "off" && modes.includes(mode);
      if (isStruck) strikes++;
      return isStruck;
    },
  };
};
