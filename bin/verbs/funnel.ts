import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** Why there are no trades, if there are none. */
export const funnel: Verb = {
  name: "funnel",
  summary: "Answer why there are no trades: who got how far, what stopped the others, is it usual.",
  options: [
    urlOption,
    { flags: "--session <date>", description: "a session, such as 2013-10-07; today's by default" },
    { flags: "--symbol <symbol>", description: "the last decision about one symbol, in full" },
    { flags: "--cycle", description: "what the last cycle decided about each symbol" },
  ],
  examples: ["funnel", "funnel --symbol SPY", "funnel --cycle", "funnel --session 2013-10-07"],
  run: async (input, context) =>
    (await import("../reports/funnel.ts")).reportFunnel(input, context),
};
