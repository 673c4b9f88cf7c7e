import type { Verb } from "../verb.ts";

/** The configuration as it is understood. */
export const config: Verb = {
  name: "config",
  summary: "Show the configuration with every default and override, or say whether it is valid.",
  arguments: [
    {
      name: "action",
      description: "what to do",
      isRequired: true,
      choices: ["show", "validate"],
    },
  ],
  options: [
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
    {
      flags: "--mode <mode>",
      description: "the world it is meant for",
      default: "sim",
      choices: ["sim", "shadow", "paper", "live"],
    },
  ],
  examples: ["config show", "config validate", "config validate --config other.yaml --json"],
  run: async (input, context) =>
    (await import("../reports/config.ts")).reportConfiguration(input, context),
};
