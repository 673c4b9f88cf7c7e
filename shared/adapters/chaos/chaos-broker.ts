import { err } from "../../domain/result.ts";
import type { Broker } from "../../ports/broker.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { ChaosControl } from "./chaos-control.ts";

/** The broker as those failures leave it that strike it; nothing is sent while they are on. */
export const createChaosBroker = (broker: Broker, chaos: ChaosControl): Broker => {
  const fault = (): VendorFault | undefined => {
    if (chaos.isOn("alpaca_down", "broker_down", "network_split"))
      return alpacaFault("NETWORK", "Chaos: it does not answer.");
    if (chaos.isOn("invalid_creds")) return alpacaFault("AUTH_ERROR", "Chaos: 401, the key.");
    return undefined;
  };
  const orFault =
    <Given extends readonly unknown[], Answer>(
      call: (...given: Given) => Promise<Answer>,
    ): ((...given: Given) => Promise<Answer | ReturnType<typeof err<VendorFault>>>) =>
    async (...given) => {
      const broken = fault();
      return broken === undefined ? call(...given) : err(broken);
    };
  return {
    submitOrder: async (approved, deadlineMs) => {
      const broken = fault();
      if (broken === undefined) return broker.submitOrder(approved, deadlineMs);
      const { detail } = broken;
      return { type: broken.class === "AUTH_ERROR" ? "unauthorized" : "notSent", detail };
    },
    findOrder: orFault(broker.findOrder),
    findOrders: orFault(broker.findOrders),
    listOpenOrders: orFault(broker.listOpenOrders),
    listPositions: orFault(broker.listPositions),
    readAccount: orFault(broker.readAccount),
    readClock: orFault(broker.readClock),
    listExecutions: orFault(broker.listExecutions),
    listOrders: orFault(broker.listOrders),
    cancelOrder: orFault(broker.cancelOrder),
    suspendTrading: orFault(broker.suspendTrading),
  };
};

/** What Alpaca's interfaces say while they are broken on purpose. */
export const alpacaFault = (type: VendorFault["class"], detail: string): VendorFault => ({
  type: "VendorFault",
  vendor: "alpaca",
  class: type,
  detail,
});
