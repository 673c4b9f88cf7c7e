import type { AtOnce } from "../../shared/adapters/memory/at-once.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredAuditRecords } from "../../shared/adapters/stored/audit-records.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { createStoredOrderSeals } from "../../shared/adapters/stored/order-seals.ts";
import type { LockedStore } from "../../shared/ports/locked-store.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import type { CallPort } from "../faults/port-calls.ts";
import { interpose, QUEUE_TIME, unanswered } from "./interpose.ts";
import type { Reachable } from "./reachable.ts";

/** The head is in the ledger, and its records in what each Region locks. */
export const createAuditing = (
  reach: Reachable,
  call: CallPort,
  ledgerItems: ItemStore,
): NonNullable<FunctionPorts["auditing"]> => {
  const { buckets, settings } = reach;
  const { account } = settings;
  const behindFaults = (name: string, store: AtOnce<LockedStore>): LockedStore =>
    interpose<LockedStore>(whileAnswering(store, reach), reach, call, {
      name,
      time: QUEUE_TIME,
      lost: unanswered("The locked store"),
    });
  const own = behindFaults("locked", buckets.own);
  const copies = behindFaults("locked copies", buckets.copies);
  return {
    heads: createStoredAuditHeads(ledgerItems),
    seals: createStoredOrderSeals(ledgerItems),
    records: createStoredAuditRecords({ account, own, copies }),
  };
};

const whileAnswering = (
  store: AtOnce<LockedStore>,
  { isLockedOut }: Reachable,
): AtOnce<LockedStore> => {
  const answering = (): AtOnce<LockedStore> =>
    isLockedOut() ? unanswered("The locked store")("") : store;
  return {
    create: (key, body) => answering().create(key, body),
    read: (key) => answering().read(key),
    list: (prefix, after, limit) => answering().list(prefix, after, limit),
  };
};
