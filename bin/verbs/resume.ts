import type { Verb } from "../verb.ts";
import { wishOptions, yesOption } from "./wish-options.ts";

/** Lets trading go on, by two people. */
export const resume: Verb = {
  name: "resume",
  summary: "Ask to trade again, or approve what another principal has asked for within 15 minutes.",
  arguments: [
    {
      name: "action",
      description: "what to do",
      isRequired: true,
      choices: ["request", "approve"],
    },
    {
      name: "hash",
      description: "the digest that was asked for, to approve it",
      isRequired: false,
    },
  ],
  options: [yesOption, ...wishOptions],
  examples: ["resume request", "resume approve 3f0c...", "resume request --json"],
  run: async (input, context) =>
    (await import("../reports/resume.ts")).reportResume(input, context),
};
