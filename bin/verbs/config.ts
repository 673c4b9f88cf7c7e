import type { Verb } from "../verb.ts";

const SIGNING = new Set(["sign", "verify", "keys"]);

/** The configuration as it is understood, and its signature. */
export const config: Verb = {
  name: "config",
  summary: "Show the configuration with every default and override, validate, sign or verify it.",
  arguments: [
    {
      name: "action",
      description: "what to do",
      isRequired: true,
      choices: ["show", "validate", "sign", "verify", "keys"],
    },
  ],
  options: [
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
    {
      flags: "--key <file>",
      description: "signs; what verifies is beside it as <file>.pub",
      default: "signing-key",
    },
    {
      flags: "--mode <mode>",
      description: "the world it is meant for",
      default: "sim",
      choices: ["sim", "shadow", "paper", "live"],
    },
  ],
  examples: ["config show", "config validate", "config validate --config other.yaml --json"],
  run: async (input, context) =>
    SIGNING.has(input.arguments[0] ?? "")
      ? (await import("../reports/sign-config.ts")).reportSignature(input, context)
      : (await import("../reports/config.ts")).reportConfiguration(input, context),
};
