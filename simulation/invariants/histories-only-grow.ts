import { orderFromEvents } from "../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf, type Scene } from "./invariant.ts";

/** What a history held when it was last written: the text of each of its events. */
type Chain = readonly string[];

const EMPTY: Chain = [];

/**
 * (6) Histories only grow: each run of events begins where the one
 * before it ended, what stands before it is what stood there, each history folds to an order, and in
 * the end every history is, event for event, what was appended to it.
 */
export const createHistoriesOnlyGrow = (): Invariant => {
  const chains = new Map<string, Chain>();
  const damaged = new Set<string>();
  const verify = ({ view }: Scene, clientOrderId: string): readonly Finding[] => {
    const chain = chains.get(clientOrderId) ?? EMPTY;
    const stored = view.eventsOf(clientOrderId);
    const isSame =
      stored.length === chain.length &&
      stored.every((event, index) => JSON.stringify(event) === chain[index]);
    return isSame || damaged.has(clientOrderId)
      ? HOLDS
      : broken("A stored history is not what was appended to it.", clientOrderId);
  };
  return {
    name: "histories-only-grow",
    judge: judgeOf(["historyDamaged", "ledgerRestored", "eventsAppended"], (observation, scene) => {
      if (observation.type === "historyDamaged") damaged.add(observation.clientOrderId);
      if (observation.type === "ledgerRestored") {
        // From here on what grows is what the backup had.
        chains.clear();
        for (const id of scene.view.clientOrderIds()) {
          chains.set(id, textsOf(scene.view.eventsOf(id)));
        }
      }
      if (observation.type !== "eventsAppended") return HOLDS;
      const { clientOrderId, sequence, events } = observation;
      if (damaged.has(clientOrderId)) return HOLDS;
      const chain = chains.get(clientOrderId) ?? EMPTY;
      if (sequence !== chain.length) {
        return broken(`Event ${sequence} was written behind ${chain.length}.`, clientOrderId);
      }
      chains.set(clientOrderId, [...chain, ...textsOf(events)]);
      const folded = orderFromEvents(scene.view.eventsOf(clientOrderId));
      if (!folded.ok) {
        const { from, event } = folded.error;
        return broken(`A history goes from ${from} by ${event}.`, clientOrderId);
      }
      return verify(scene, clientOrderId);
    }),
    judgeEnd: (scene) => [...chains.keys()].flatMap((id) => verify(scene, id)),
  };
};

/** Whole texts, which say more than any digest of them and cost less. */
const textsOf = (events: readonly OrderEvent[]): Chain =>
  events.map((event) => JSON.stringify(event));
