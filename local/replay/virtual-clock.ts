import { assert } from "../../shared/domain/assert.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Pause } from "../../shared/ports/pause.ts";

/** A clock that stands still until it is told the time; both of its readings follow that. */
export type VirtualClock = Clock & {
  /** Epoch ms, never earlier than it shows already. */
  readonly setTo: (epochMs: number) => void;
};

/** A clock that shows `startsAtMs` (epoch ms) until it is set. */
export const createVirtualClock = (startsAtMs: number): VirtualClock => {
  let nowMs = startsAtMs;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startsAtMs,
    setTo: (epochMs) => {
      assert(epochMs >= nowMs, "Virtual time never goes back.");
      nowMs = epochMs;
    },
  };
};

/** Waiting costs virtual time alone. */
export const createVirtualPause = (clock: VirtualClock): Pause => ({
  wait: async (ms) => clock.setTo(clock.nowMs() + ms),
});
