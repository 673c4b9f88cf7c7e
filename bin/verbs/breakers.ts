import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** Which breakers are open, since when, and when they are tried again. */
export const breakers: Verb = {
  name: "breakers",
  summary: "Show each vendor's circuit breaker, what it counted, and the last changes.",
  options: [urlOption],
  examples: ["breakers", "breakers --json"],
  run: async (input, context) =>
    (await import("../reports/breakers.ts")).reportBreakers(input, context),
};
