import type { Mode } from "../domain/settings.ts";
import type { Broker } from "../ports/broker.ts";

/**
 * The broker as a mode may use it: in `shadow` every decision is made, guarded and claimed, and
 * then refused here, so that no order leaves; all other modes have the broker itself.
 */
export const brokerOf = (mode: Mode, broker: Broker): Broker => {
  switch (mode) {
    case "shadow":
      return { ...broker, submitOrder: refuse };
    case "sim":
    case "paper":
    case "live":
      return broker;
  }
};

const refuse: Broker["submitOrder"] = () =>
  Promise.resolve({ type: "rejected", code: "shadow", detail: "Shadow mode sends no order." });
