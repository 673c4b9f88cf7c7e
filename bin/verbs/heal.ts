import type { Verb } from "../verb.ts";
import { wishOptions } from "./wish-options.ts";

/** What is wrong now, what healing does about it, and a person's word to it. */
export const heal: Verb = {
  name: "heal",
  summary: "Show what is wrong and what healing does; let it look now, or use a remedy again.",
  arguments: [
    {
      name: "what",
      description:
        "check: what is wrong now; status: the last remedies too; now: heal at once; " +
        "resume: let a stopped remedy be used again",
      isRequired: true,
      choices: ["check", "status", "now", "resume"],
    },
    { name: "remedy", description: "for `resume`: its name", isRequired: false },
  ],
  options: [...wishOptions],
  examples: ["heal check", "heal status --json", "heal now", "heal resume refetchFlow"],
  run: async (input, context) => (await import("../reports/heal.ts")).reportHeal(input, context),
};
