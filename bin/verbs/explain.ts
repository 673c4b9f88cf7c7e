import type { Verb } from "../verb.ts";
import { stateOption } from "./state-option.ts";
import { urlOption } from "./url-option.ts";

/** The way of one order. */
export const explain: Verb = {
  name: "explain",
  summary: "Tell the way of one order from the quote to its end, with the reason of each decision.",
  arguments: [
    { name: "id", description: "its client order id, as `orders --json` has it", isRequired: true },
  ],
  options: [urlOption, stateOption],
  examples: ["explain hf_core_main_SPY_20131007_0935_buy_entry_0"],
  run: async (input, context) =>
    (await import("../reports/explain.ts")).reportExplain(input, context),
};
