import type { Verb } from "../verb.ts";
import { reasonOption, wishOptions, yesOption } from "./wish-options.ts";

/** Shows what queues gave up, and brings it back or puts it aside. */
export const deadLetters: Verb = {
  name: "dead-letters",
  summary: "Show what the queues gave up and what becomes of it, bring it back, or put one aside.",
  arguments: [
    {
      name: "action",
      description: "what to do",
      isRequired: true,
      choices: ["list", "redrive", "quarantine"],
    },
    { name: "id", description: "the letter to put aside", isRequired: false },
  ],
  options: [reasonOption, yesOption, ...wishOptions],
  examples: [
    "dead-letters list",
    "dead-letters redrive --yes",
    'dead-letters quarantine 7d1c... --reason "not wanted"',
  ],
  run: async (input, context) =>
    (await import("../reports/dead-letters.ts")).reportDeadLetters(input, context),
};
