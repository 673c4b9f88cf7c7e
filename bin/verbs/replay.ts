import type { Verb } from "../verb.ts";

/** Runs recorded days through the functions in virtual time. */
export const replay: Verb = {
  name: "replay",
  summary: "Run recorded market days through the very functions that trade, in virtual time.",
  arguments: [
    {
      name: "dir",
      description:
        "recorded days: <symbol>/<yyyymmdd>_trade.zip and _quote.zip; docs/recordings.md",
      // `--faults help` needs none; without it the verb asks for one itself.
      isRequired: false,
    },
  ],
  options: [
    { flags: "--symbols <list>", description: "only these of the recorded symbols: SPY,IBM" },
    {
      flags: "--speed <n>",
      description: "market minutes a minute, 0.1 to 100000, or max",
      default: "max",
    },
    {
      flags: "--seed <n>",
      description: "seed of what is not recorded: options flow; 0 to 4294967295",
      default: "1",
    },
    {
      flags: "--faults <list>",
      description:
        "strikes the days with these and tells the difference: vendor-outage@10:00+15m, …; " +
        "`--faults help` lists them",
    },
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: [
    "replay recorded",
    "replay recorded --symbols SPY,IBM --seed 7 --json",
    "replay recorded --faults vendor-outage@10:00+15m,broker-5xx@11:00+5m,region-loss@13:00",
    "replay --faults help",
  ],
  run: async (input, context) =>
    (await import("../replay/run-replay.ts")).runReplay(input, context),
};
