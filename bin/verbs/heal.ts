import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** What is wrong now, what healing would do about it, and what it has done. */
export const heal: Verb = {
  name: "heal",
  summary: "Run every check now: what is wrong, what healing does about it, and what it has done.",
  arguments: [
    {
      name: "what",
      description: "check: what is wrong now; status: the last remedies too",
      isRequired: true,
      choices: ["check", "status"],
    },
  ],
  options: [urlOption],
  examples: ["heal check", "heal status --json"],
  run: async (input, context) => (await import("../reports/heal.ts")).reportHeal(input, context),
};
