import type { Remedy } from "./remedy-module.ts";

/** Classifies what the queues gave up, and brings back what may succeed now. */
export const redriveDeadLetters: Remedy = {
  name: "redriveDeadLetters",
  mends: "deadLettersWaiting",
  apply: async () => ({ detail: "Dead letters are tended now.", wake: "redriveDeadLetters" }),
};

/** Has reconciliation rebuild the damaged cell from the orders' histories and the broker. */
export const rebuildCell: Remedy = {
  name: "rebuildCell",
  mends: "cellDamaged",
  apply: async () => ({ detail: "The cell is rebuilt from the broker.", wake: "reconcileOrders" }),
};

/** Fetches the flow again; how fresh it is, its own time stamps say. */
export const refetchFlow: Remedy = {
  name: "refetchFlow",
  mends: "flowStale",
  apply: async () => ({ detail: "The flow is fetched again.", wake: "pollFlow" }),
};

/** Asks the broker what became of orders whose answer was lost. */
export const settleUnknown: Remedy = {
  name: "settleUnknown",
  mends: "ordersUnknown",
  apply: async () => ({ detail: "The broker is asked now.", wake: "reconcileOrders" }),
};
