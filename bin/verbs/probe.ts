import type { Verb } from "../verb.ts";

/** Sends a made-up signal through this code and configuration, up to a broker that is none. */
export const probe: Verb = {
  name: "probe",
  summary:
    "Send a made-up signal through this code and configuration, up to a broker that is none.",
  options: [
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: ["probe", "probe --json"],
  run: async (input, context) => (await import("../reports/probe.ts")).reportProbe(input, context),
};
