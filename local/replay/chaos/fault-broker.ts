import { err, type Result } from "../../../shared/domain/result.ts";
import type { Broker, SubmitOutcome } from "../../../shared/ports/broker.ts";
import type { Random } from "../../../shared/ports/random.ts";
import type { VendorFault } from "../../../shared/ports/vendor-fault.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { answerLate } from "./answer-late.ts";
import { LOST_ANSWER_MS, RATE_LIMIT_MS } from "./fault-kinds.ts";
import type { FaultSwitch } from "./fault-switch.ts";

/** What the faulty ports share: which faults hold, the world's time, and chance of their own. */
export type FaultDeps = {
  readonly faults: FaultSwitch;
  readonly clock: VirtualClock;
  readonly random: Pick<Random, "next">;
};

/** The same broker behind a line that fails as the faults of the moment say. */
export const createFaultBroker = (broker: Broker, deps: FaultDeps): Broker => {
  const guarded = async <Value>(
    act: () => Promise<Result<Value, VendorFault>>,
  ): Promise<Result<Value, VendorFault>> => {
    const fault = faultOfCall(deps);
    return fault === undefined ? act() : err(fault);
  };
  return {
    submitOrder: (approved, deadlineMs) => submit(broker, deps, approved, deadlineMs),
    findOrder: (clientOrderId) => guarded(() => broker.findOrder(clientOrderId)),
    findOrders: (asked) => guarded(() => broker.findOrders(asked)),
    listOpenOrders: () => guarded(() => broker.listOpenOrders()),
    listPositions: () => guarded(() => broker.listPositions()),
    readAccount: () => guarded(() => broker.readAccount()),
    readClock: () => guarded(() => broker.readClock()),
    listExecutions: (sinceMs) => guarded(() => broker.listExecutions(sinceMs)),
    listOrders: (sinceMs) => guarded(() => broker.listOrders(sinceMs)),
    cancelOrder: (brokerOrderId) => guarded(() => broker.cancelOrder(brokerOrderId)),
    suspendTrading: () => guarded(() => broker.suspendTrading()),
  };
};

/** The fault that a call other than an order meets; `undefined` if it arrives. */
const faultOfCall = ({ faults, clock, random }: FaultDeps): VendorFault | undefined => {
  if (faults.isOn("broker-outage")) {
    faults.strike("broker-outage");
    return fault("NETWORK", "No connection to the broker was made.");
  }
  if (faults.isOn("broker-429")) {
    faults.strike("broker-429");
    const retryAtMs = clock.nowMs() + RATE_LIMIT_MS;
    return { ...fault("RATE_LIMIT", "429: too many requests."), retryAtMs };
  }
  if (faults.isOn("broker-5xx") && random.next() < HALF) {
    faults.strike("broker-5xx");
    return fault("NETWORK", "503: service unavailable.");
  }
  return undefined;
};

const submit = async (
  broker: Broker,
  { faults, clock, random }: FaultDeps,
  approved: Parameters<Broker["submitOrder"]>[0],
  deadlineMs: number,
): Promise<SubmitOutcome> => {
  if (faults.isOn("broker-outage")) {
    faults.strike("broker-outage");
    return { type: "notSent", detail: "No connection to the broker was made." };
  }
  if (faults.isOn("broker-429")) {
    faults.strike("broker-429");
    const retryAtMs = clock.nowMs() + RATE_LIMIT_MS;
    return { type: "notSent", detail: "429: too many requests.", retryAtMs };
  }
  if (faults.isOn("broker-5xx") && random.next() < HALF) {
    faults.strike("broker-5xx");
    if (random.next() < HALF) await broker.submitOrder(approved, deadlineMs);
    return { type: "unknown", detail: "503: service unavailable." };
  }
  if (!faults.isOn("broker-timeout")) return broker.submitOrder(approved, deadlineMs);
  faults.strike("broker-timeout");
  await broker.submitOrder(approved, deadlineMs);
  await answerLate(clock, Math.min(deadlineMs, LOST_ANSWER_MS));
  return { type: "unknown", detail: "No answer came in time." };
};

const HALF = 0.5;

const fault = (faultClass: VendorFault["class"], detail: string): VendorFault => ({
  type: "VendorFault",
  vendor: "exchange",
  class: faultClass,
  detail,
});
