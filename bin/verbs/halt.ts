import type { Verb } from "../verb.ts";
import { reasonOption, wishOptions } from "./wish-options.ts";

/** Stops everything. Never asks: it only takes risk away, and every second counts. */
export const halt: Verb = {
  name: "halt",
  summary: "Stop every order at once, cancel working entries, and say whether that is proven.",
  options: [reasonOption, ...wishOptions],
  examples: ['halt --reason "The market looks wrong."', 'halt --reason "Test." --json'],
  run: async (input, context) => (await import("../reports/halt.ts")).reportHalt(input, context),
};
