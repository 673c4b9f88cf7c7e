import { createExchangeBroker } from "../../local/exchange/ports-broker.ts";
import type { Exchange } from "../../local/exchange/core/exchange.ts";
import type { BrokerOrder } from "../../shared/domain/orders/broker-state.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import { err, type Result } from "../../shared/domain/result.ts";
import type { Approved } from "../../shared/domain/risk/guard.ts";
import type { Broker, SubmitOutcome } from "../../shared/ports/broker.ts";
import type { VendorFault, VendorFaultClass } from "../../shared/ports/vendor-fault.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultControl, Occasion } from "../faults/fault-control.ts";
import type { FaultKind } from "../faults/fault-kind.ts";
import type { Invocation } from "../services/lambda.ts";
import type { Observe } from "./observe.ts";
import { toldBy } from "./told-by-broker.ts";

/** The broker's side of the world: one for all functions. */
export type BrokerSide = {
  readonly exchange: Exchange;
  /** The exchange without any fault, at the true time. */
  readonly direct: Broker;
  /** Broker order ids, with when they can first be found. */
  readonly hiddenUntilMs: Map<string, number>;
  /** Nobody gets through to the broker before this moment. */
  outageUntilMs: number;
  /** Client order ids of orders that nobody trades with. */
  readonly untraded: Set<string>;
  /** Positions cannot be read before this moment; everything else can. */
  positionsOutUntilMs: number;
  /** Last answers, oldest first, which a stale report gives again. */
  readonly lastAnswers: Map<string, readonly PastAnswer[]>;
};

type PastAnswer = { readonly atMs: number; readonly answer: unknown };

/** What the calls of one function to the broker need. */
export type SimulatedBrokerDeps = {
  readonly engine: Engine;
  readonly faults: FaultControl;
  readonly observe: Observe;
  readonly side: BrokerSide;
};

/** The broker's side for an exchange. */
export const createBrokerSide = (exchange: Exchange, engine: Engine): BrokerSide => ({
  exchange,
  direct: createExchangeBroker(exchange, { nowMs: engine.nowMs, monotonicMs: engine.nowMs }),
  hiddenUntilMs: new Map(),
  untraded: new Set(),
  outageUntilMs: -Infinity,
  positionsOutUntilMs: -Infinity,
  lastAnswers: new Map(),
});

const ABOUT = { arrival: 31, late: 32, hidden: 33, slow: 34, stale: 35, fill: 36 } as const;

const WAY_MS = 30;
const SLOW_MAX_MS = 20_000;
const LATE_MAX_MS = 45_000;
/** Few requests are so late that nobody waits for them any more, whatever they wait for. */
const VERY_LATE_SHARE = 0.3;
const VERY_LATE_LEAST_MS = 130_000;
const VERY_LATE_MAX_MS = 300_000;
const HIDDEN_MAX_MS = 45_000;
const STALE_MAX_MS = 4_000;
/** How long a client waits for an answer to a question. */
const READ_TIMEOUT_MS = 8_000;

/** One call to the broker, at one occasion. */
export type BrokerCall = {
  readonly occasion: Occasion;
  readonly where: string;
  readonly invocation: Invocation;
  /** When the function made the call, true time: what it waits for counts from here. */
  readonly calledAtMs: number;
};

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

type Strikes = (kind: FaultKind) => boolean;

const strikesAt =
  ({ faults }: SimulatedBrokerDeps, { occasion, where }: BrokerCall): Strikes =>
  (kind) =>
    faults.strikes(kind, occasion, where);

const submit = (
  deps: SimulatedBrokerDeps,
  call: BrokerCall,
  approved: Approved<OrderIntent>,
  deadlineMs: number,
): Promise<SubmitOutcome> => {
  const { engine, faults, side } = deps;
  const strikes = strikesAt(deps, call);
  const sentAtMs = call.calledAtMs;
  const refused = refusedBefore(strikes, engine.nowMs());
  if (refused !== undefined) return later(deps, WAY_MS, refused);
  if (!(deadlineMs > 0)) {
    return later(deps, 0, { type: "notSent", detail: "No time was left to send it." });
  }
  const timedOut: SubmitOutcome = { type: "unknown", detail: "No answer came in time." };
  if (engine.nowMs() < side.outageUntilMs || strikes("order-request-lost")) {
    return later(deps, deadlineMs, timedOut);
  }
  const isLate = strikes("order-request-late");
  const slowMs = strikes("broker-slow")
    ? faults.measure(call.occasion, ABOUT.slow) * SLOW_MAX_MS
    : 0;
  const lateMs = isLate ? deadlineMs + lateness(faults.measure(call.occasion, ABOUT.late)) : 0;
  // Minutes later the market has mostly left the price behind.
  if (lateMs > VERY_LATE_LEAST_MS) side.untraded.add(approved.order.clientOrderId);
  const isAnswerLost = strikes("order-answer-lost");
  const isErrorAfter = strikes("broker-5xx-after");
  const isUnreadable = strikes("broker-schema");
  return new Promise((resolve) => {
    const answer = (outcome: SubmitOutcome): void => {
      engine.wake();
      resolve(outcome);
    };
    const timeOut = engine.after(deadlineMs, () => answer(timedOut));
    engine.after(WAY_MS + Math.ceil(lateMs + slowMs / 2), () => {
      engine.wake();
      void arrive(deps, call, approved, sentAtMs, (outcome) => {
        if (isAnswerLost) return;
        engine.after(WAY_MS + Math.ceil(slowMs / 2), () => {
          timeOut.cancel();
          if (isErrorAfter) answer({ type: "unknown", detail: "500: internal server error" });
          else if (isUnreadable) answer(UNREADABLE);
          else answer(outcome);
        });
      });
    });
  });
};

const UNREADABLE: SubmitOutcome = { type: "unknown", detail: "The answer was not readable." };

/** Most are late by less than a minute; the last of the draws are minutes late. */
const lateness = (draw: number): number =>
  draw < 1 - VERY_LATE_SHARE
    ? draw * LATE_MAX_MS
    : VERY_LATE_MAX_MS -
      ((draw - 1 + VERY_LATE_SHARE) / VERY_LATE_SHARE) * (VERY_LATE_MAX_MS - VERY_LATE_LEAST_MS);

/** What the broker, or something in front of it, refuses before it looks at an order. */
const refusedBefore = (strikes: Strikes, nowMs: number): SubmitOutcome | undefined => {
  if (strikes("broker-429")) {
    const retryAtMs = (Math.floor(nowMs / 60_000) + 1) * 60_000;
    return { type: "notSent", detail: "429: too many requests.", retryAtMs };
  }
  if (strikes("broker-401")) return { type: "unauthorized", detail: "401: unauthorized." };
  if (strikes("broker-5xx")) return { type: "unknown", detail: "503: service unavailable" };
  if (strikes("broker-403")) {
    const detail = "403: potential wash trade detected. use complex orders";
    return { type: "rejected", code: "40310000", detail };
  }
  if (strikes("broker-422")) {
    return { type: "rejected", code: "42210000", detail: "422: the order is not accepted" };
  }
  return undefined;
};

/** The request is there: the exchange decides, whoever sent it. */
const arrive = async (
  { engine, faults, side, observe }: SimulatedBrokerDeps,
  call: BrokerCall,
  approved: Approved<OrderIntent>,
  sentAtMs: number,
  answer: (outcome: SubmitOutcome) => void,
): Promise<void> => {
  if (faults.strikes("order-request-twice", call.occasion, call.where)) {
    // Something on the way has sent it again: the sender hears the second answer alone.
    await side.direct.submitOrder(approved, 1);
  }
  const outcome = await side.direct.submitOrder(approved, 1);
  observe({
    type: "brokerRequestArrived",
    actor: call.invocation.actor,
    sentAtMs,
    intent: approved.order,
    cellVersion: approved.cellVersion,
    outcome: outcome.type,
    reason: outcome.type === "rejected" ? outcome.detail : undefined,
  });
  const isTaken = outcome.type === "acknowledged";
  if (isTaken && faults.strikes("order-hidden", call.occasion, call.where)) {
    const hiddenMs = faults.measure(call.occasion, ABOUT.hidden) * HIDDEN_MAX_MS;
    side.hiddenUntilMs.set(outcome.order.brokerOrderId, engine.nowMs() + hiddenMs);
  }
  answer(outcome);
};

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
    ? faults.measure(call.occasion, ABOUT.slow) * SLOW_MAX_MS
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
      const afterMs = Math.ceil(faults.measure(call.occasion, ABOUT.fill) * 4_000);
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
    listOpenOrders: async () => {
      const listed = await side.direct.listOpenOrders();
      return listed.ok ? { ok: true, value: listed.value.filter(isShown) } : listed;
    },
  };
};

const later = <Value>({ engine }: SimulatedBrokerDeps, ms: number, value: Value): Promise<Value> =>
  new Promise((resolve) => {
    engine.after(ms, () => {
      engine.wake();
      resolve(value);
    });
  });

/** A fault as the broker's adapter tells it. */
export const faultOf = (faultClass: VendorFaultClass, detail: string): VendorFault => ({
  type: "VendorFault",
  vendor: "exchange",
  class: faultClass,
  detail,
});
