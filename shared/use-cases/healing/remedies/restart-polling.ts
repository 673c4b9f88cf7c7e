import { orderRepair, type Remedy } from "./remedy-module.ts";

/** Has the poller of a symbol begin again from what is stored; a price in doubt stays in doubt. */
export const restartPolling: Remedy = {
  name: "restartPolling",
  mends: "pollingStalled",
  apply: (subject, reach) =>
    orderRepair(
      reach,
      { kind: "restartPolling", subject },
      `Polling of ${subject} is to begin again.`,
    ),
};
