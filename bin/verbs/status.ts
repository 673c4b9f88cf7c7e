import type { Verb } from "../verb.ts";
import { stateOption } from "./state-option.ts";
import { urlOption } from "./url-option.ts";

/** Everything at a glance. */
export const status: Verb = {
  name: "status",
  summary: "Say in one screen how the system is: mode, health, trading state, market and orders.",
  options: [urlOption, stateOption],
  examples: ["status", "status --json", "status --url https://api.example.com"],
  run: async (input, context) =>
    (await import("../reports/status.ts")).reportStatus(input, context),
};
