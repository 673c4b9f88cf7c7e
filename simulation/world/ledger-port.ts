import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { CallPort } from "../faults/port-calls.ts";
import { STORE_TIME, unanswered } from "./interpose.ts";
import type { Reachable } from "./reachable.ts";

/** The strong table: it may be cut off, refuse a conflict between Regions, or throttle. */
export const createLedgerPort = (reach: Reachable, call: CallPort): ItemStore => {
  const { ledgerStore, faults, isCutOff } = reach;
  const lost = unanswered("DynamoDB");
  const guarded = <Answer>(method: string, act: () => Promise<Answer>): Promise<Answer> => {
    const place = reach.placeOf(`ledger.${method}`);
    return call({
      place,
      time: STORE_TIME,
      effect: async (occasion) => {
        if (isCutOff()) return lost("500: the Region is cut off.");
        if (faults.strikes("throttle", occasion, place.name)) return lost("Throttled.");
        const isWrite = method === "put";
        if (isWrite && faults.strikes("write-conflict", occasion, place.name)) {
          return lost("ReplicatedWriteConflictException.");
        }
        const answer = await act();
        // The client tries again by itself when the first answer was lost, and meets its own write.
        return isWrite && faults.strikes("write-repeated", occasion, place.name) ? act() : answer;
      },
      lost,
    });
  };
  return {
    isTrusted: ledgerStore.isTrusted,
    get: (key) => guarded("get", () => ledgerStore.get(key)),
    getRaw: (key) => guarded("getRaw", () => ledgerStore.getRaw(key)),
    put: (item, condition) => guarded("put", () => ledgerStore.put(item, condition)),
    query: (query) => guarded("query", () => ledgerStore.query(query)),
    add: (key, increments, expiresAtMs) =>
      guarded("add", () => ledgerStore.add(key, increments, expiresAtMs)),
    putMany: (items) => guarded("putMany", () => ledgerStore.putMany(items)),
    getMany: (keys) => guarded("getMany", () => ledgerStore.getMany(keys)),
  };
};
