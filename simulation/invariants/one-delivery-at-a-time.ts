import { broken, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/** What an intent's function may take at most; said here again, so that no change goes unseen. */
const EXECUTES_MS = 15_000;
/** SQS asks for six times as long, so that deliveries do not count up while a function is at work. */
const INVISIBLE_MS = 6 * EXECUTES_MS;

/**
 * (18) An intent's message is delivered to one function at a time: it does not come again while the
 * function that has it may be at work, nor before the time-outs that SQS asks for are over, unless
 * that function has returned it.
 */
export const createOneDeliveryAtATime = (): Invariant => {
  const deliveredAtMs = new Map<string, number>();
  return {
    name: "one-delivery-at-a-time",
    judge: judgeOf(["messageDelivered", "messageRemoved", "messageReturned"], (observation) => {
      const { queue, region, messageId, atMs } = observation;
      if (queue === "market-data") return HOLDS;
      const key = `${region} ${messageId}`;
      if (observation.type !== "messageDelivered") {
        deliveredAtMs.delete(key);
        return HOLDS;
      }
      const lastMs = deliveredAtMs.get(key);
      deliveredAtMs.set(key, atMs);
      return lastMs !== undefined && atMs - lastMs < INVISIBLE_MS
        ? broken(`A message came again after ${atMs - lastMs} ms, while its function may work.`)
        : HOLDS;
    }),
  };
};
