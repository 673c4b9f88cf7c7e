import type { Verb } from "../verb.ts";
import { reasonOption, wishOptions } from "./wish-options.ts";

/** Hands the account over to the Region whose API is asked. */
export const failover: Verb = {
  name: "failover",
  summary:
    "Hand the account over to the Region that is asked; shows what will happen, then each step.",
  options: [
    { flags: "--to <region>", description: "the Region that takes over; it is its API you ask" },
    {
      flags: "--planned",
      description: "the other Region is alive: let its orders settle for up to 45 s first",
    },
    reasonOption,
    {
      flags: "--yes",
      description: "do not ask for the Region's name; without a terminal nothing is asked anyway",
    },
    { flags: "--detach", description: "leave as soon as it has begun; it goes on by itself" },
    ...wishOptions,
  ],
  examples: [
    'failover --planned --reason "Maintenance of us-east-2." --url https://api.us-west-2.example.com',
    'failover --to us-west-2 --reason "us-east-2 is silent." --yes --json',
  ],
  run: async (input, context) =>
    (await import("../reports/failover.ts")).reportFailover(input, context),
};
