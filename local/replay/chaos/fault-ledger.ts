import { err, type Result } from "../../../shared/domain/result.ts";
import type { Ledger, LedgerUnavailable } from "../../../shared/ports/ledger.ts";
import type { FaultDeps } from "./fault-broker.ts";

/**
 * The same ledger behind a line that may be dead: reads fail, and so do writes, of which some are
 * stored all the same, because a lost answer says nothing about the write.
 */
export const createFaultLedger = (ledger: Ledger, { faults, random }: FaultDeps): Ledger => {
  const read = async <Value, Fault>(
    act: () => Promise<Result<Value, Fault>>,
  ): Promise<Result<Value, Fault | LedgerUnavailable>> => {
    if (!faults.isOn("ledger-outage")) return act();
    faults.strike("ledger-outage");
    return UNAVAILABLE;
  };
  const write = async <Value, Fault>(
    act: () => Promise<Result<Value, Fault>>,
  ): Promise<Result<Value, Fault | LedgerUnavailable>> => {
    if (!faults.isOn("ledger-outage")) return act();
    faults.strike("ledger-outage");
    if (random.next() < STORED_SHARE) await act();
    return UNAVAILABLE;
  };
  return {
    loadCell: (account) => read(() => ledger.loadCell(account)),
    saveCell: (next, expected) => write(() => ledger.saveCell(next, expected)),
    readDamagedCell: (account) => read(() => ledger.readDamagedCell(account)),
    replaceDamagedCell: (next, damaged) => write(() => ledger.replaceDamagedCell(next, damaged)),
    appendEvents: (clientOrderId, sequence, events) =>
      write(() => ledger.appendEvents(clientOrderId, sequence, events)),
    loadOrder: (clientOrderId) => read(() => ledger.loadOrder(clientOrderId)),
    loadEvents: (clientOrderId) => read(() => ledger.loadEvents(clientOrderId)),
    listOrders: (account, sessionDate, limit) =>
      read(() => ledger.listOrders(account, sessionDate, limit)),
  };
};

const STORED_SHARE = 0.25;

const UNAVAILABLE = err<LedgerUnavailable>({
  type: "LedgerUnavailable",
  detail: "The ledger did not answer.",
});
