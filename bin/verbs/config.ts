import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

const SIGNING = new Set(["sign", "verify", "keys"]);

/** The configuration as it is understood, and its signature. */
export const config: Verb = {
  name: "config",
  summary:
    "Show the configuration and where each value is from, validate, compare, sign, verify it.",
  arguments: [
    {
      name: "action",
      description: "what to do",
      isRequired: true,
      choices: ["show", "validate", "diff", "suggest", "schema", "sign", "verify", "keys"],
    },
    {
      name: "other",
      description: "for `diff`: the file to compare with; what runs, where it is left out",
      isRequired: false,
    },
  ],
  options: [
    urlOption,
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
    {
      flags: "--kms <alias>",
      description: "for `sign`: the deployment's own key; what is signed is in force at once",
    },
    {
      flags: "--regions <names>",
      description: "with --kms: the Regions whose keys sign, the tables' Region first",
      default: "us-east-2,us-west-2",
    },
    { flags: "--table <name>", description: "with --kms: the ledger's table" },
  ],
  examples: [
    "config show",
    "config validate",
    "config diff",
    "config suggest",
    "config sign --mode paper --kms alias/holdfast-paper-policy --table TABLE",
  ],
  run: async (input, context) => {
    const [action = ""] = input.arguments;
    if (action === "suggest") {
      return (await import("../reports/suggest-limits.ts")).reportSuggestions(input, context);
    }
    if (action === "sign" && input.options["kms"] !== undefined) {
      return (await import("../reports/sign-policy.ts")).reportSignedPolicy(input, context);
    }
    if (SIGNING.has(action)) {
      return (await import("../reports/sign-config.ts")).reportSignature(input, context);
    }
    return action === "diff"
      ? (await import("../reports/config-diff.ts")).reportDifference(input, context)
      : (await import("../reports/config.ts")).reportConfiguration(input, context);
  },
};
