import type { Verb } from "../verb.ts";

/** Writes the days that the local world polled itself, so that they can be replayed. */
export const ticks: Verb = {
  name: "ticks",
  summary: "Write the days that were polled here as a recording that `replay DIR` reads.",
  arguments: [
    {
      name: "action",
      description: "export: to a directory",
      isRequired: true,
      choices: ["export"],
    },
    {
      name: "directory",
      description: "where to; files of the same days are replaced",
      isRequired: true,
    },
  ],
  options: [
    {
      flags: "--state <dir>",
      description: "the stopped local world that polled them",
      default: ".holdfast",
    },
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: ["ticks export own-days", "ticks export own-days --state .holdfast --json"],
  run: async (input, context) => (await import("../reports/ticks.ts")).exportTicks(input, context),
};
