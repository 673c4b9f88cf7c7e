import { createHash } from "node:crypto";
import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import { orderFromEvents } from "../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import { broken, type Finding, HOLDS, type Invariant, type Scene } from "./invariant.ts";

/** What a history held when it was last written: how many events, and the hash of their chain. */
type Chain = { readonly length: number; readonly head: string };

const EMPTY: Chain = { length: 0, head: "" };

/**
 * (6) Histories only grow and their hash chain verifies: each run of events begins where the one
 * before it ended, what stands before it is what stood there, each history folds to an order, and in
 * the end every history is, event for event, what was appended to it.
 */
export const createHistoriesOnlyGrow = (): Invariant => {
  const chains = new Map<string, Chain>();
  const damaged = new Set<string>();
  const verify = ({ view }: Scene, clientOrderId: string): readonly Finding[] => {
    const chain = chains.get(clientOrderId) ?? EMPTY;
    const stored = view.eventsOf(clientOrderId);
    const isSame = stored.length === chain.length && extended(EMPTY, stored).head === chain.head;
    return isSame || damaged.has(clientOrderId)
      ? HOLDS
      : broken("A stored history is not what was appended to it.", clientOrderId);
  };
  return {
    name: "histories-only-grow",
    judge: (observation, scene) => {
      if (observation.type === "historyDamaged") damaged.add(observation.clientOrderId);
      if (observation.type === "ledgerRestored") {
        // From here on what grows is what the backup had.
        chains.clear();
        for (const id of scene.view.clientOrderIds()) {
          chains.set(id, extended(EMPTY, scene.view.eventsOf(id)));
        }
      }
      if (observation.type !== "eventsAppended") return HOLDS;
      const { clientOrderId, sequence, events } = observation;
      if (damaged.has(clientOrderId)) return HOLDS;
      const chain = chains.get(clientOrderId) ?? EMPTY;
      if (sequence !== chain.length) {
        return broken(`Event ${sequence} was written behind ${chain.length}.`, clientOrderId);
      }
      chains.set(clientOrderId, extended(chain, events));
      const folded = orderFromEvents(scene.view.eventsOf(clientOrderId));
      if (!folded.ok) {
        const { from, event } = folded.error;
        return broken(`A history goes from ${from} by ${event}.`, clientOrderId);
      }
      return verify(scene, clientOrderId);
    },
    judgeEnd: (scene) => [...chains.keys()].flatMap((id) => verify(scene, id)),
  };
};

/** The chain behind more events: each link is the hash of the link before and of one event. */
const extended = (chain: Chain, events: readonly OrderEvent[]): Chain => {
  let { head } = chain;
  for (const event of events) {
    head = createHash("sha256").update(head).update(canonicalJson(event)).digest("hex");
  }
  return { length: chain.length + events.length, head };
};
