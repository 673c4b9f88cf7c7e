import { TerminalError } from "../../../domain/fault.ts";
import type { Remedy } from "./remedy-module.ts";

/** Puts the signed configuration back, to the letter, whichever way it was drifted from. */
export const restoreConfiguration: Remedy = {
  name: "restoreConfiguration",
  mends: "configurationDrift",
  apply: async (_subject, { configuration }) => {
    if (configuration === undefined) {
      throw new TerminalError("No signed configuration is kept that could be restored.");
    }
    await configuration.restore();
    return { detail: "The signed configuration was put back.", wake: null };
  },
};
