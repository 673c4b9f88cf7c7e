import type { Verb } from "../verb.ts";
import { wishOptions } from "./wish-options.ts";

/** Which Region has the account. */
export const region: Verb = {
  name: "region",
  summary: "Show which Region has the account, under which epoch, and whether it says it is alive.",
  arguments: [{ name: "what", description: "what to show", isRequired: true, choices: ["status"] }],
  options: wishOptions,
  examples: ["region status", "region status --json"],
  run: async (input, context) =>
    (await import("../reports/region.ts")).reportRegion(input, context),
};
