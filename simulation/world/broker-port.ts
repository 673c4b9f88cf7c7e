import { createBudgetedBroker } from "../../shared/adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../shared/adapters/budget/stored-budget.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import { ALPACA_BUDGET } from "../../shared/domain/budget/token-bucket.ts";
import type { Result } from "../../shared/domain/result.ts";
import type { Broker, SubmitOutcome } from "../../shared/ports/broker.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { FaultPlace } from "../faults/fault-control.ts";
import type { CallPort } from "../faults/port-calls.ts";
import type { Invocation } from "../services/lambda.ts";
import { lostAtVendor, NO_TIME } from "./interpose.ts";
import type { Reachable } from "./reachable.ts";
import { createSimulatedBroker } from "./simulated-broker.ts";

/** All functions of a Region keep to one budget; what clears an exit's way may use its reserve. */
export const withinBudget = (broker: Broker, reach: Reachable, store: ItemStore): Broker => {
  const { clock, region, settings, functionName } = reach;
  const { account } = settings;
  const budget = createStoredBudget({ store, clock, account, region, policy: ALPACA_BUDGET });
  const lookUps = functionName === "execute-orders" ? "exit" : "read";
  return createBudgetedBroker(broker, budget, clock, lookUps);
};

/** The broker as one environment reaches it, behind the faults of calls. */
export const createBrokerPort = (reach: Reachable, call: CallPort): Broker => {
  const { observe, engine } = reach;
  const simulated = createSimulatedBroker({ ...reach, side: reach.brokerSide });
  const places = new Map<string, FaultPlace>();
  type Ask<Value> = (direct: Broker) => Promise<Result<Value, VendorFault>>;
  const question = <Value>(name: string, key: string, ask: Ask<Value>) => {
    let place = places.get(name);
    if (place === undefined) {
      place = reach.placeOf(`broker.${name}`);
      places.set(name, place);
    }
    const { name: where } = place;
    const calledAtMs = engine.nowMs();
    return call<Result<Value, VendorFault>>({
      place,
      time: NO_TIME,
      effect: (occasion, invocation) =>
        simulated.read({ occasion, where, invocation, calledAtMs }, `${name} ${key}`, ask),
      lost: lostAtVendor,
    });
  };
  const submitPlace = reach.placeOf("broker.submitOrder");
  const cancelPlace = reach.placeOf("broker.cancelOrder");
  return {
    submitOrder: async (approved, deadlineMs) => {
      let by: Invocation | undefined;
      const calledAtMs = engine.nowMs();
      const outcome = await call<SubmitOutcome>({
        place: submitPlace,
        time: NO_TIME,
        effect: (occasion, invocation) => {
          by = invocation;
          const sent = { occasion, where: submitPlace.name, invocation, calledAtMs };
          return simulated.submit(sent, approved, deadlineMs);
        },
        lost: (detail) => ({ type: "unknown", detail }),
      });
      const { clientOrderId } = approved.order;
      if (by !== undefined) {
        observe({ type: "brokerAnswered", actor: by.actor, clientOrderId, outcome: outcome.type });
      }
      return outcome;
    },
    findOrder: (id) => question("findOrder", id, (direct) => direct.findOrder(id)),
    findOrders: (asked) => {
      const ids = asked.map(({ clientOrderId }) => clientOrderId).join();
      return question("findOrders", ids, (direct) => direct.findOrders(asked));
    },
    listOpenOrders: () => question("listOpenOrders", "", (direct) => direct.listOpenOrders()),
    listPositions: () => question("listPositions", "", (direct) => direct.listPositions()),
    readAccount: () => question("readAccount", "", (direct) => direct.readAccount()),
    readClock: () => question("readClock", "", (direct) => direct.readClock()),
    listExecutions: (sinceMs) =>
      question("listExecutions", "", (direct) => direct.listExecutions(sinceMs)),
    listOrders: (sinceMs) => question("listOrders", "", (direct) => direct.listOrders(sinceMs)),
    cancelOrder: (brokerOrderId) =>
      call<Result<void, VendorFault>>({
        place: cancelPlace,
        time: NO_TIME,
        effect: (occasion, invocation) =>
          simulated.cancel(
            { occasion, where: cancelPlace.name, invocation, calledAtMs: engine.nowMs() },
            brokerOrderId,
          ),
        lost: lostAtVendor,
      }),
    suspendTrading: () => question("suspendTrading", "", (direct) => direct.suspendTrading()),
  };
};
