import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** Why there are no trades, if there are none. */
export const funnel: Verb = {
  name: "funnel",
  summary:
    "Show how many symbols passed each stage from quote to fill, and why the others stopped.",
  options: [urlOption],
  examples: ["funnel", "funnel --json"],
  run: async (input, context) =>
    (await import("../reports/funnel.ts")).reportFunnel(input, context),
};
