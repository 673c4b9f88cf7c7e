import type { Verb } from "../verb.ts";
import { yesOption } from "./wish-options.ts";

/** Rehearses failures in worlds of their own and measures what they left behind. */
export const drill: Verb = {
  name: "drill",
  summary: "Rehearse failures in a world of their own, and measure what they left behind.",
  arguments: [
    {
      name: "what",
      description:
        "orders: each fault of the exchange; kills: the whole process, again and again; vendors: each fault of market data; failover: a Region lost, in both directions; restore: the store lost under a world that trades",
      isRequired: true,
      choices: ["orders", "kills", "vendors", "failover", "restore"],
    },
  ],
  options: [
    { flags: "--faults <list>", description: "orders: only these, such as dropAnswer,hideOrder" },
    {
      flags: "--scenario <list>",
      description:
        "vendors: only these, such as hang,kill-alpaca; failover: planned, region-loss, partition, " +
        "zombie, ack-lost, mid-order",
    },
    { flags: "--all", description: "every scenario, as without --scenario" },
    {
      flags: "--seconds <n>",
      description: "vendors: trading under each, the world's seconds, 60 to 10800",
      default: "180",
    },
    { flags: "--times <n>", description: "kills: how often, 1 to 1000", default: "50" },
    {
      flags: "--seed <n>",
      description: "seed of market and chance, 0 to 4294967295",
      default: "1",
    },
    {
      flags: "--speed <n>",
      description: "market minutes a minute, 1 to 120: 60, and 20 for vendors and failover",
    },
    {
      flags: "--state <dir>",
      description: "failover: the local world in whose archive the report is kept",
      default: ".holdfast",
    },
    { flags: "--config <file>", description: "the configuration", default: "holdfast.yaml" },
    {
      flags: "--on-aws <arn>",
      description:
        "failover, restore: against what is deployed, by this workflow (failover-drill, restore-test), " +
        "with your own AWS credentials; --scenario region-loss, partition, mid-order or next",
    },
    { flags: "--real-money", description: "failover --on-aws: that it is meant for mode live" },
    yesOption,
  ],
  examples: [
    "drill orders",
    "drill orders --faults dropAnswer,errorAfter --seed 7 --json",
    "drill kills --times 50 --json",
    "drill failover --all --json",
    "drill restore --json",
    "drill failover --on-aws ARN --scenario region-loss",
    "drill restore --on-aws ARN --json",
    "drill vendors --scenario hang,allDead --json",
  ],
  run: async (input, context) => (await import("../drill/run-drill.ts")).runDrill(input, context),
};
