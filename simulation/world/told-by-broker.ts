import { ok, type Result } from "../../shared/domain/result.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { FaultKind } from "../faults/fault-kind.ts";

/** The newest of a list come again so many times at most, as they do where two pages meet. */
const REPEATED_MAX = 3;

/** The broker's answers where it tells things twice, or says that the market is closed. */
export const toldBy = (broker: Broker, strikes: (kind: FaultKind) => boolean): Broker => {
  const repeated = <Each>(
    answer: Result<readonly Each[], VendorFault>,
  ): Result<readonly Each[], VendorFault> =>
    answer.ok && answer.value.length > 0 && strikes("duplicate-report")
      ? ok([...answer.value, ...answer.value.slice(-REPEATED_MAX)])
      : answer;
  return {
    ...broker,
    listOpenOrders: async () => repeated(await broker.listOpenOrders()),
    listExecutions: async (sinceMs) => repeated(await broker.listExecutions(sinceMs)),
    listOrders: async (sinceMs) => repeated(await broker.listOrders(sinceMs)),
    readClock: async () => {
      const clock = await broker.readClock();
      return clock.ok && clock.value.isOpen && strikes("broker-clock-halted")
        ? ok({ ...clock.value, isOpen: false })
        : clock;
    },
  };
};
