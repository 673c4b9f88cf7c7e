import type { Permit } from "./admit-call.ts";
import type { Breaker, BreakerIn, OpenReason } from "./breaker.ts";
import type { BreakerPolicy } from "./breaker-policy.ts";
import { countCall, emptyWindow, exceedsShares } from "./call-window.ts";
import { isSlow, type Outcome } from "./outcome.ts";

/** A call that is over: the leave it had, what came of it, when, and a chance (0 to 1). */
export type EndedCall = {
  readonly permit: Permit;
  readonly outcome: Outcome;
  readonly nowMs: number;
  /** Stretches the open time, should it open now. */
  readonly chance: number;
};

/** Returns the breaker that follows an outcome; one of an earlier generation changes nothing. */
export const afterCall = (breaker: Breaker, call: EndedCall, policy: BreakerPolicy): Breaker => {
  if (call.permit.generation !== breaker.generation) return breaker;
  switch (breaker.state) {
    case "closed":
      return afterClosed(breaker, call, policy);
    case "open":
      // No call was let through in this generation.
      return breaker;
    case "halfOpen":
      return afterProbe(breaker, call, policy);
  }
};

const afterClosed = (
  breaker: BreakerIn<"closed">,
  call: EndedCall,
  policy: BreakerPolicy,
): Breaker => {
  const { outcome, nowMs } = call;
  if (outcome.type === "abandoned") return breaker;
  const isFailure = outcome.type !== "success";
  const hasWindow = policy.windowMs > 0;
  if (!isFailure && !hasWindow && breaker.failuresInARow === 0) return breaker;
  const next: BreakerIn<"closed"> = {
    state: "closed",
    generation: breaker.generation,
    trips: breaker.trips,
    failuresInARow: isFailure ? breaker.failuresInARow + 1 : 0,
    window: hasWindow ? countCall(breaker.window, outcome, nowMs, policy) : breaker.window,
    sinceMs: breaker.sinceMs,
    rampUntilMs: breaker.rampUntilMs > nowMs ? breaker.rampUntilMs : 0,
  };
  const reason =
    isFailure || isSlow(outcome, policy.slowMs) ? openReason(next, call, policy) : undefined;
  return reason === undefined ? next : open(next, reason, call, policy);
};

const openReason = (
  breaker: BreakerIn<"closed">,
  { outcome, nowMs }: EndedCall,
  policy: BreakerPolicy,
): OpenReason | undefined => {
  if (outcome.type === "failure" && outcome.retryAtMs !== undefined && outcome.retryAtMs > nowMs) {
    return "vendorSaidWait";
  }
  if (breaker.failuresInARow >= policy.failuresToOpen) return "failuresInARow";
  if (policy.windowMs === 0) return undefined;
  switch (exceedsShares(breaker.window, nowMs, policy)) {
    case "failures":
      return "failureShare";
    case "slowness":
      return "slowShare";
    case undefined:
      return undefined;
  }
};

const afterProbe = (
  breaker: BreakerIn<"halfOpen">,
  call: EndedCall,
  policy: BreakerPolicy,
): Breaker => {
  const { permit, outcome, nowMs } = call;
  const lease = breaker.leases.find(({ number }) => number === permit.lease);
  // Its place was given to another probe, or will be: what it says comes too late.
  if (lease === undefined || nowMs >= lease.untilMs) return breaker;
  const leases = breaker.leases.filter((other) => other !== lease);
  if (outcome.type === "abandoned") return { ...breaker, leases };
  if (outcome.type !== "success" || isSlow(outcome, policy.slowMs)) {
    return open(breaker, "probeFailed", call, policy);
  }
  const successes = breaker.successes + 1;
  if (successes < policy.successesToClose) return { ...breaker, leases, successes };
  return {
    state: "closed",
    generation: breaker.generation + 1,
    trips: breaker.trips,
    failuresInARow: 0,
    window: emptyWindow(nowMs),
    sinceMs: nowMs,
    rampUntilMs: policy.rampMs === 0 ? 0 : nowMs + policy.rampMs,
  };
};

/** Opens, longer with every trip in close succession, and for no less than the vendor asks. */
const open = (
  breaker: BreakerIn<"closed" | "halfOpen">,
  reason: OpenReason,
  { outcome, nowMs, chance }: EndedCall,
  policy: BreakerPolicy,
): BreakerIn<"open"> => {
  const isForgotten = breaker.state === "closed" && nowMs - breaker.sinceMs >= policy.forgetTripsMs;
  const tripsBefore = isForgotten ? 0 : breaker.trips;
  const askedMs =
    outcome.type === "failure" && outcome.retryAtMs !== undefined ? outcome.retryAtMs - nowMs : 0;
  // A vendor that limits our rate is well: what it asks for is waited, and nothing on top.
  const isTrip = reason !== "vendorSaidWait";
  const ownMs = isTrip ? policy.openMs * 2 ** Math.min(tripsBefore, DOUBLINGS_MAX) : 0;
  const leastMs = Math.max(Math.min(ownMs, policy.openMaxMs), Math.min(askedMs, policy.askedMaxMs));
  return {
    state: "open",
    generation: breaker.generation + 1,
    trips: isTrip ? Math.min(tripsBefore + 1, DOUBLINGS_MAX) : tripsBefore,
    sinceMs: nowMs,
    untilMs: nowMs + Math.ceil(leastMs * (1 + policy.jitterShare * chance)),
    reason,
  };
};

/** More make no difference to any open time that has a bound. */
const DOUBLINGS_MAX = 20;
