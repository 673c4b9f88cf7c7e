import type { Verb } from "../verb.ts";
import { reasonOption, wishOptions, yesOption } from "./wish-options.ts";

/** Closes everything. */
export const flatten: Verb = {
  name: "flatten",
  summary: "Close every position, stop entries, and halt once the broker shows that all is flat.",
  options: [
    reasonOption,
    { flags: "--suspend", description: "then have the broker refuse every order, exits too" },
    yesOption,
    ...wishOptions,
  ],
  examples: ['flatten --reason "Going home."', 'flatten --reason "Leak." --suspend --yes --json'],
  run: async (input, context) =>
    (await import("../reports/flatten.ts")).reportFlatten(input, context),
};
