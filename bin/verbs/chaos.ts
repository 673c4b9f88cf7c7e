import type { Verb } from "../verb.ts";

/** Breaks things on purpose where no order is real, and judges what came of it. */
export const chaos: Verb = {
  name: "chaos",
  summary: "Break things on purpose, where no order is real, and judge detection and recovery.",
  arguments: [
    {
      name: "action",
      description:
        "list: what can be broken; run: play it in a world of its own; inject, clear: in the world that runs here",
      isRequired: true,
      choices: ["list", "run", "inject", "clear"],
    },
    { name: "failure", description: "the failure, such as flow_down", isRequired: false },
  ],
  options: [
    { flags: "--all", description: "run: every failure, one after the other" },
    { flags: "--seed <n>", description: "run: seed of market and chance", default: "1" },
    { flags: "--write-docs <file>", description: "run: write what happens when X breaks" },
    {
      flags: "--state <dir>",
      description: "inject, clear: the world's state",
      default: ".holdfast",
    },
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: [
    "chaos list",
    "chaos run flow_down",
    "chaos run --all --json",
    "chaos inject alpaca_down",
    "chaos clear",
  ],
  run: async (input, context) =>
    (await import("../chaos/run-chaos.ts")).runChaosVerb(input, context),
};
