import type { Verb } from "../verb.ts";
import { wishOptions } from "./wish-options.ts";

/** Shows what people were told, and tries whether they can be told. */
export const alerts: Verb = {
  name: "alerts",
  summary: "Show each incident and whether people were told of it, or send a test alert.",
  arguments: [
    { name: "action", description: "what to do", isRequired: true, choices: ["list", "test"] },
  ],
  options: [...wishOptions],
  examples: ["alerts list", "alerts list --json", "alerts test"],
  run: async (input, context) =>
    (await import("../reports/alerts.ts")).reportAlerts(input, context),
};
