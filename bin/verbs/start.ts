import type { Verb } from "../verb.ts";

/** Runs the local world: exchange, store, queues, schedules, every function, API and page. */
export const start: Verb = {
  name: "start",
  summary:
    "Run the whole system on this machine against a simulated exchange, with a page that shows it.",
  options: [
    { flags: "--speed <n>", description: "market minutes a minute, 0.1 to 120", default: "1" },
    { flags: "--symbols <list>", description: "symbols to trade, such as AAPL,MSFT" },
    { flags: "--seed <n>", description: "seed of the simulated market, 0 to 4294967295" },
    { flags: "--data <dir>", description: "recorded days instead of the simulated market" },
    { flags: "--for <duration>", description: "stop after this long, such as 90s, 10m or 2h" },
    {
      flags: "--port <n>",
      description: "port of the page and the API; 0 takes any",
      default: "4477",
    },
    { flags: "--state <dir>", description: "where everything is kept", default: ".holdfast" },
    { flags: "--fresh", description: "move the kept state aside and begin anew" },
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
  ],
  examples: [
    "start",
    "start --speed 60 --for 10m",
    "start --symbols AAPL,NVDA --seed 7 --state /tmp/try --port 0 --json",
    "start --data recorded --speed 30",
  ],
  run: async (input, context) => (await import("../start/run-start.ts")).runStart(input, context),
};
