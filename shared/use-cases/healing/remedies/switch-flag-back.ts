import { FLAG_NAMES, type FlagName } from "../../../domain/flags/flag.ts";
import { TerminalError } from "../../../domain/fault.ts";
import type { Remedy } from "./remedy-module.ts";

/** Switches a feature that is on trial off for all; nothing here can switch one on. */
export const switchFlagBack: Remedy = {
  name: "switchFlagBack",
  mends: "flagHarmful",
  apply: async (subject, { telemetry, clock, settings }) => {
    const flag = FLAG_NAMES.find((name): name is FlagName => name === subject);
    if (flag === undefined) throw new TerminalError("There is no feature of this name.");
    const { percent } = settings.flags[flag];
    const rollbacks = await telemetry.loadRollbacks();
    const others = rollbacks.filter((one) => one.flag !== flag);
    const reason = "Healing switched it off.";
    const rollback = { flag, atMs: clock.nowMs(), percent, reason };
    await telemetry.recordRollbacks([...others, rollback]);
    return { detail: `${flag} is off for all.`, wake: null };
  },
  undo: async (subject, { telemetry }) => {
    // A person's own rollback, or that of health, stands: only what healing did is taken back.
    const rollbacks = await telemetry.loadRollbacks();
    const left = rollbacks.filter(
      ({ flag, reason }) => flag !== subject || reason !== "Healing switched it off.",
    );
    await telemetry.recordRollbacks(left);
  },
};
