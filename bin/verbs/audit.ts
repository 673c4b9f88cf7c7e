import type { Verb } from "../verb.ts";
import { wishOptions } from "./wish-options.ts";

/** The record of everything that mattered, and whether it is whole. */
export const audit: Verb = {
  name: "audit",
  summary: "Verify the audit chain record by record, or show what it says.",
  arguments: [
    {
      name: "what",
      description: "verify: 0 where everything holds, else 1 and every flaw; show: the records",
      isRequired: true,
      choices: ["verify", "show"],
    },
  ],
  options: [
    { flags: "--from <n>", description: "verify: behind this record, taken as it is" },
    {
      flags: "--files <dir>",
      description: "verify: a copy of the locked store, without any Holdfast",
    },
    { flags: "--kind <kind>", description: "show: only this kind, such as halt or orders" },
    { flags: "--since <time>", description: "show: since this moment, 2026-11-20T14:30Z" },
    { flags: "--limit <n>", description: "show: at most so many, 1 to 1000", default: "25" },
    ...wishOptions,
  ],
  examples: [
    "audit verify",
    "audit verify --files ./copied-bucket --json",
    "audit show --kind halt --since 2026-11-20",
  ],
  run: async (input, context) => (await import("../reports/audit.ts")).reportAudit(input, context),
};
