import type { Verb } from "../verb.ts";

/** Runs the local world: exchange, store, queues, schedules, every function, API and page. */
export const start: Verb = {
  name: "start",
  summary:
    "Run the whole system on this machine against a simulated exchange, with a page that shows it.",
  options: [
    {
      flags: "--mode <mode>",
      description: "simulated exchange, or Alpaca: watched only, with play money, with real money",
      default: "sim",
      choices: ["sim", "shadow", "paper", "live"],
    },
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
    { flags: "--real-money", description: "mode live only: that this is meant" },
    {
      flags: "--public-key <file>",
      description: "mode live only: verifies the signed configuration",
      default: "signing-key.pub",
    },
    {
      flags: "--vendor-url <url>",
      description: "shadow and paper against a simulated exchange on this machine, for tests",
    },
  ],
  json: "one JSON object a line on stdout instead of text",
  examples: [
    "start",
    "start --speed 60 --for 10m",
    "start --symbols AAPL,NVDA --seed 7 --state /tmp/try --port 0 --json",
    "start --data recorded --speed 30",
    "start --mode paper",
  ],
  run: async (input, context) => (await import("../start/run-start.ts")).runStart(input, context),
};
