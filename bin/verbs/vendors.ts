import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** Who gives market data now, and how well. */
export const vendors: Verb = {
  name: "vendors",
  summary:
    "Show how each vendor of market data does: latency, age, score, breaker, quota, agreement, use.",
  options: [urlOption],
  examples: ["vendors", "vendors --json"],
  run: async (input, context) =>
    (await import("../reports/vendors.ts")).reportVendors(input, context),
};
