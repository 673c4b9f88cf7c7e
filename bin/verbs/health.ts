import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** The health of each component. */
export const health: Verb = {
  name: "health",
  summary: "Show every component's level, its reason and the age of its evidence.",
  options: [urlOption],
  examples: ["health", "health --json"],
  run: async (input, context) =>
    (await import("../reports/health.ts")).reportHealth(input, context),
};
