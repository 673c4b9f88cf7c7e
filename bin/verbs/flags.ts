import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** Which features are on, for how much of the work, and which were rolled back. */
export const flags: Verb = {
  name: "flags",
  summary: "Show each feature's flag: for how much it is on, and why it was rolled back.",
  options: [urlOption],
  examples: ["flags", "flags --json"],
  run: async (input, context) => (await import("../reports/flags.ts")).reportFlags(input, context),
};
