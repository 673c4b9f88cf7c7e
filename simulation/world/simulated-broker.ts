import type { BrokerOrder } from "../../shared/domain/orders/broker-state.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import { err, type Result } from "../../shared/domain/result.ts";
import type { Approved } from "../../shared/domain/risk/guard.ts";
import type { Broker, SubmitOutcome } from "../../shared/ports/broker.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";
import type { Engine } from "../engine/engine.ts";
import {
  ABOUT_SLOW,
  type BrokerCall,
  later,
  type SimulatedBrokerDeps,
  SLOW_MAX_MS,
  type Strikes,
  strikesAt,
  WAY_MS,
} from "./broker-call.ts";
import { type BrokerSide, faultOf } from "./broker-side.ts";
import { submit } from "./broker-submit.ts";
import { toldBy } from "./told-by-broker.ts";

const ABOUT_FILL = 36;
const STALE_MAX_MS = 4_000;
/** How long a client waits for an answer to a question. */
const READ_TIMEOUT_MS = 8_000;

/** What a function's call does on its way to the broker and back; never throws. */
export type SimulatedBroker = {
  readonly submit: (
    call: BrokerCall,
    approved: Approved<OrderIntent>,
    deadlineMs: number,
  ) => Promise<SubmitOutcome>;
  /** A question, under a name; `ask` runs when it arrives. */
  readonly read: <Value>(
    call: BrokerCall,
    name: string,
    ask: (direct: Broker) => Promise<Result<Value, VendorFault>>,
  ) => Promise<Result<Value, VendorFault>>;
  readonly cancel: (call: BrokerCall, brokerOrderId: string) => Promise<Result<void, VendorFault>>;
};

/** The broker as functions reach it: over a network, with every fault that an API can have. */
export const createSimulatedBroker = (deps: SimulatedBrokerDeps): SimulatedBroker => ({
  submit: (call, approved, deadlineMs) => submit(deps, call, approved, deadlineMs),
  read: (call, name, ask) => read(deps, call, name, ask),
  cancel: (call, brokerOrderId) => cancel(deps, call, brokerOrderId),
});

const read = async <Value>(
  deps: SimulatedBrokerDeps,
  call: BrokerCall,
  name: string | undefined,
  ask: (direct: Broker) => Promise<Result<Value, VendorFault>>,
): Promise<Result<Value, VendorFault>> => {
  const { engine, faults, side } = deps;
  const strikes = strikesAt(deps, call);
  const arePositionsOut = engine.nowMs() < side.positionsOutUntilMs;
  if (arePositionsOut && name?.startsWith("listPositions") === true) {
    return later(deps, WAY_MS, err(faultOf("NETWORK", "503: service unavailable")));
  }
  const fault = readFault(deps, strikes);
  if (fault !== undefined) return later(deps, fault.afterMs, err(fault.fault));
  const slowMs = strikes("broker-slow")
    ? faults.measure(call.occasion, ABOUT_SLOW) * SLOW_MAX_MS
    : 0;
  if (slowMs > READ_TIMEOUT_MS) {
    return later(deps, READ_TIMEOUT_MS, err(faultOf("NETWORK", "No answer came in time.")));
  }
  await later(deps, WAY_MS + Math.ceil(slowMs / 2), undefined);
  const past = (name === undefined ? undefined : side.lastAnswers.get(name)) ?? [];
  const recent = past.filter(({ atMs }) => engine.nowMs() - atMs <= STALE_MAX_MS);
  const [oldest] = recent;
  const isStale = oldest !== undefined && strikes("stale-report");
  // The type is the one that was kept under this name.
  const answer = isStale
    ? (oldest.answer as Result<Value, VendorFault>)
    : await ask(toldBy(shown(side, engine), strikes));
  if (name !== undefined && !isStale) {
    side.lastAnswers.set(name, [...recent, { atMs: engine.nowMs(), answer }]);
  }
  return later(deps, WAY_MS + Math.ceil(slowMs / 2), answer);
};

const readFault = (
  { engine, side }: SimulatedBrokerDeps,
  strikes: Strikes,
): { readonly fault: VendorFault; readonly afterMs: number } | undefined => {
  const nowMs = engine.nowMs();
  if (nowMs < side.outageUntilMs) {
    return { fault: faultOf("NETWORK", "No answer came in time."), afterMs: READ_TIMEOUT_MS };
  }
  if (strikes("broker-429")) {
    const retryAtMs = (Math.floor(nowMs / 60_000) + 1) * 60_000;
    return {
      fault: { ...faultOf("RATE_LIMIT", "429: too many requests."), retryAtMs },
      afterMs: WAY_MS,
    };
  }
  if (strikes("broker-5xx")) {
    return { fault: faultOf("NETWORK", "503: service unavailable"), afterMs: WAY_MS };
  }
  if (strikes("broker-schema")) {
    return { fault: faultOf("SCHEMA_ERROR", "A field is not as documented."), afterMs: WAY_MS };
  }
  return undefined;
};

const cancel = async (
  deps: SimulatedBrokerDeps,
  call: BrokerCall,
  brokerOrderId: string,
): Promise<Result<void, VendorFault>> => {
  const { engine, faults, side, observe } = deps;
  const { actor } = call.invocation;
  return read(deps, call, undefined, async (direct) => {
    observe({ type: "cancelAsked", actor, brokerOrderId });
    const asked = await direct.cancelOrder(brokerOrderId);
    if (asked.ok && faults.strikes("fill-after-cancel", call.occasion, call.where)) {
      const afterMs = Math.ceil(faults.measure(call.occasion, ABOUT_FILL) * 4_000);
      // Refused unless it was cancelled meanwhile; a late report at a real exchange is no other.
      engine.after(
        afterMs,
        () => void side.exchange.fillAfterCancel(brokerOrderId, engine.nowMs()),
      );
    }
    return asked;
  });
};

/** The broker's answers without the orders that it does not show yet. */
const shown = (side: BrokerSide, engine: Engine): Broker => {
  if (side.hiddenUntilMs.size === 0) return side.direct;
  const isShown = ({ brokerOrderId }: BrokerOrder): boolean =>
    (side.hiddenUntilMs.get(brokerOrderId) ?? 0) <= engine.nowMs();
  return {
    ...side.direct,
    findOrder: async (clientOrderId) => {
      const found = await side.direct.findOrder(clientOrderId);
      if (!found.ok || found.value.type === "notFound" || isShown(found.value.order)) return found;
      return { ok: true, value: { type: "notFound" } };
    },
    findOrders: async (asked) => {
      const found = await side.direct.findOrders(asked);
      if (!found.ok) return found;
      return { ok: true, value: new Map([...found.value].filter(([, order]) => isShown(order))) };
    },
    listOpenOrders: async () => {
      const listed = await side.direct.listOpenOrders();
      return listed.ok ? { ok: true, value: listed.value.filter(isShown) } : listed;
    },
  };
};
