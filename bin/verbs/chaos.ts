import type { Verb } from "../verb.ts";
import { wishOptions } from "./wish-options.ts";

/** Breaks things on purpose where no order is real, and judges what came of it. */
export const chaos: Verb = {
  name: "chaos",
  summary: "Break things on purpose, where no order is real, and judge detection and recovery.",
  arguments: [
    {
      name: "action",
      description:
        "list: what can be broken; run: play it in local worlds of its own, and judge; inject, clear: " +
        "in a Holdfast that runs; status: what is broken there, what is done about it, what happened",
      isRequired: true,
      choices: ["list", "run", "inject", "clear", "status"],
    },
    {
      name: "failure",
      description: "such as flow_down; for run several, separated by commas",
      isRequired: false,
    },
  ],
  options: [
    { flags: "--all", description: "run: every failure, one after the other" },
    { flags: "--seed <n>", description: "run: seed of market and chance", default: "1" },
    { flags: "--speed <n>", description: "run: market minutes a minute, 1 to 120", default: "20" },
    { flags: "--at-once <n>", description: "run: worlds beside each other, 1 to 8", default: "4" },
    { flags: "--write-docs <file>", description: "run: write what happens when X breaks" },
    { flags: "--config <file>", description: "run: the configuration", default: "holdfast.yaml" },
    {
      flags: "--minutes <n>",
      description: "inject: it ends by itself after so long, 1 to 60",
      default: "15",
    },
    ...wishOptions,
  ],
  examples: [
    "chaos list",
    "chaos inject vendor_down",
    "chaos status",
    "chaos clear",
    "chaos run flow_down,ledger_down",
    "chaos run --all --json",
  ],
  run: async (input, context) => {
    const isPlayed = ["list", "run"].includes(input.arguments[0] ?? "");
    return isPlayed
      ? (await import("../chaos/run-chaos.ts")).runChaosVerb(input, context)
      : (await import("../chaos/control-chaos.ts")).controlChaosVerb(input, context);
  },
};
