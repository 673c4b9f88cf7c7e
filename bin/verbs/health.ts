import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** The health of each component. */
export const health: Verb = {
  name: "health",
  summary: "Show every component's level, its reason and the age of its evidence.",
  options: [
    {
      flags: "--watch <seconds>",
      description: "show it again and again, 1 to 3600 s apart, until interrupted",
    },
    { flags: "--history", description: "also show how it was, newest first" },
    { flags: "--errors <component>", description: "show what failed in a component lately" },
    urlOption,
  ],
  examples: [
    "health",
    "health --json",
    "health --watch 5",
    "health --history",
    "health --errors market-data",
  ],
  run: async (input, context) =>
    (await import("../reports/health.ts")).reportHealth(input, context),
};
