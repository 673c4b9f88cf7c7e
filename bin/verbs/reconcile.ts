import type { Verb } from "../verb.ts";
import { wishOptions, yesOption } from "./wish-options.ts";

/** Compares ledger and broker now. */
export const reconcile: Verb = {
  name: "reconcile",
  summary: "Compare the ledger with the broker now, settle what is open, and name each difference.",
  options: [
    {
      flags: "--adopt",
      description: "take over positions that nothing explains; give up lost orders",
    },
    yesOption,
    ...wishOptions,
  ],
  examples: ["reconcile", "reconcile --json", "reconcile --adopt --yes"],
  run: async (input, context) =>
    (await import("../reports/reconcile.ts")).reportReconcile(input, context),
};
