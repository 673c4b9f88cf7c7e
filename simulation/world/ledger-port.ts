import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { whenAnswered } from "../engine/when-answered.ts";
import type { FaultPlace } from "../faults/fault-control.ts";
import type { CallPort } from "../faults/port-calls.ts";
import { STORE_TIME, unanswered } from "./interpose.ts";
import type { Reachable } from "./reachable.ts";

/** The strong table: it may be cut off, refuse a conflict between Regions, or throttle. */
export const createLedgerPort = (reach: Reachable, call: CallPort): ItemStore => {
  const { ledgerStore, isCutOff } = reach;
  const { strikeOf } = reach.faults;
  const isThrottled = strikeOf("throttle");
  const isInConflict = strikeOf("write-conflict");
  const isRepeated = strikeOf("write-repeated");
  const lost = unanswered("DynamoDB");
  const guarded = (method: keyof ItemStore) => {
    const isWrite = method === "put";
    // Most environments call few of the methods.
    let known: FaultPlace | undefined;
    return <Answer>(act: () => Answer | Promise<Answer>): Promise<Answer> => {
      const place = (known ??= reach.placeOf(`ledger.${method}`));
      const { name } = place;
      return call<Answer>({
        place,
        time: STORE_TIME,
        effect: (occasion) => {
          if (isCutOff()) return lost("500: the Region is cut off.");
          if (isThrottled(occasion, name)) return lost("Throttled.");
          if (!isWrite) return act();
          if (isInConflict(occasion, name)) return lost("ReplicatedWriteConflictException.");
          // The client tries again by itself when the first answer was lost, and meets its own write.
          return whenAnswered(act(), (answer) => (isRepeated(occasion, name) ? act() : answer));
        },
        lost,
      });
    };
  };
  const [get, getRaw, put] = [guarded("get"), guarded("getRaw"), guarded("put")];
  const [query, add] = [guarded("query"), guarded("add")];
  const [putMany, getMany] = [guarded("putMany"), guarded("getMany")];
  return {
    isTrusted: ledgerStore.isTrusted,
    get: (key) => get(() => ledgerStore.get(key)),
    getRaw: (key) => getRaw(() => ledgerStore.getRaw(key)),
    put: (item, condition) => put(() => ledgerStore.put(item, condition)),
    query: (asked) => query(() => ledgerStore.query(asked)),
    add: (key, increments, expiresAtMs) => add(() => ledgerStore.add(key, increments, expiresAtMs)),
    putMany: (items) => putMany(() => ledgerStore.putMany(items)),
    getMany: (keys) => getMany(() => ledgerStore.getMany(keys)),
  };
};
