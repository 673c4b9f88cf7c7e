import type { Verb } from "../verb.ts";
import { urlOption } from "./url-option.ts";

/** The session's orders. */
export const orders: Verb = {
  name: "orders",
  summary: "List the session's orders, newest first, each with its state and the reason.",
  options: [
    { flags: "--symbol <symbol>", description: "only this symbol" },
    {
      flags: "--state <state>",
      description: "only orders in this state, such as filled or denied",
    },
    { flags: "--limit <n>", description: "at most so many, 1 to 500", default: "25" },
    urlOption,
  ],
  examples: ["orders", "orders --symbol AAPL --state denied", "orders --limit 100 --json"],
  run: async (input, context) =>
    (await import("../reports/orders.ts")).reportOrders(input, context),
};
