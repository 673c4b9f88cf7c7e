import type { Verb } from "../verb.ts";
import { stateOption } from "./state-option.ts";
import { urlOption } from "./url-option.ts";

/** The open positions. */
export const positions: Verb = {
  name: "positions",
  summary: "List what is held, at what price, and what it has gained or lost.",
  options: [urlOption, stateOption],
  examples: ["positions", "positions --json"],
  run: async (input, context) =>
    (await import("../reports/positions.ts")).reportPositions(input, context),
};
