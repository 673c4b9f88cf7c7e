import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import type { Approved } from "../../shared/domain/risk/guard.ts";
import type { SubmitOutcome } from "../../shared/ports/broker.ts";
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

const ABOUT = { late: 32, hidden: 33 } as const;

const LATE_MAX_MS = 45_000;
/** Few requests are so late that nobody waits for them any more, whatever they wait for. */
const VERY_LATE_SHARE = 0.3;
const VERY_LATE_LEAST_MS = 130_000;
const VERY_LATE_MAX_MS = 300_000;
const HIDDEN_MAX_MS = 45_000;

/** Sends an order over a network with every fault that an API can have; never throws. */
export const submit = (
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
    ? faults.measure(call.occasion, ABOUT_SLOW) * SLOW_MAX_MS
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
          engine.cancel(timeOut);
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
  const isTaken = outcome.type === "acknowledged";
  let hiddenUntilMs: number | undefined;
  if (isTaken && faults.strikes("order-hidden", call.occasion, call.where)) {
    const hiddenMs = faults.measure(call.occasion, ABOUT.hidden) * HIDDEN_MAX_MS;
    hiddenUntilMs = engine.nowMs() + hiddenMs;
    side.hiddenUntilMs.set(outcome.order.brokerOrderId, hiddenUntilMs);
  }
  observe({
    type: "brokerRequestArrived",
    actor: call.invocation.actor,
    sentAtMs,
    intent: approved.order,
    cellVersion: approved.cellVersion,
    outcome: outcome.type,
    reason: outcome.type === "rejected" ? outcome.detail : undefined,
    hiddenUntilMs,
  });
  answer(outcome);
};
