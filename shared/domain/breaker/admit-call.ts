import type { Breaker, BreakerIn } from "./breaker.ts";
import type { BreakerPolicy } from "./breaker-policy.ts";

/** Leave to make one call; its outcome is handed back with it. */
export type Permit = {
  readonly generation: number;
  /** The probe's lease; 0: not a probe. */
  readonly lease: number;
};

/** Why a call is not made now. Expected, and not an error: the caller asks another vendor. */
export type BreakerRefusal = {
  readonly type: "BreakerRefusal";
  /** Open, all places for probes taken, not a safe read, or not yet in the ramp's share. */
  readonly reason: "open" | "probesOut" | "notSafeToProbe" | "ramp";
  /** Before then asking again is useless, epoch ms. */
  readonly retryAtMs: number;
};

/** What a breaker answers, and the breaker that follows. */
export type Admission =
  | { readonly admitted: true; readonly permit: Permit; readonly breaker: Breaker }
  | { readonly admitted: false; readonly refusal: BreakerRefusal; readonly breaker: Breaker };

/** What is asked: when, with which chance (0 to 1, for the ramp), and whether it only reads. */
export type CallRequest = {
  readonly nowMs: number;
  readonly chance: number;
  readonly isSafeRead: boolean;
};

/** Whether everything is let through, whatever the time and the chance. */
export const letsAllThrough = (breaker: Breaker): boolean =>
  breaker.state === "closed" && breaker.rampUntilMs === 0;

/** Decides whether a call may be made now. */
export const admitCall = (
  breaker: Breaker,
  request: CallRequest,
  policy: BreakerPolicy,
): Admission => {
  switch (breaker.state) {
    case "closed":
      return breaker.rampUntilMs > request.nowMs && !isInRamp(breaker, request, policy)
        ? refuse(breaker, "ramp", request.nowMs)
        : { admitted: true, permit: { generation: breaker.generation, lease: 0 }, breaker };
    case "open":
      return request.nowMs < breaker.untilMs
        ? refuse(breaker, "open", breaker.untilMs)
        : admitProbe(halfOpen(breaker, request.nowMs), request, policy);
    case "halfOpen":
      return admitProbe(breaker, request, policy);
  }
};

const refuse = (
  breaker: Breaker,
  reason: BreakerRefusal["reason"],
  retryAtMs: number,
): Admission => ({
  admitted: false,
  refusal: { type: "BreakerRefusal", reason, retryAtMs },
  breaker,
});

const halfOpen = (open: BreakerIn<"open">, nowMs: number): BreakerIn<"halfOpen"> => ({
  state: "halfOpen",
  generation: open.generation + 1,
  trips: open.trips,
  sinceMs: nowMs,
  successes: 0,
  leases: [],
  nextLease: 1,
});

const admitProbe = (
  breaker: BreakerIn<"halfOpen">,
  { nowMs, isSafeRead }: CallRequest,
  policy: BreakerPolicy,
): Admission => {
  if (!isSafeRead) return refuse(breaker, "notSafeToProbe", nowMs);
  const out = breaker.leases.filter((lease) => nowMs < lease.untilMs);
  const isFull = out.length + breaker.successes >= policy.probesMax;
  if (isFull) return refuse(breaker, "probesOut", Math.min(...out.map((lease) => lease.untilMs)));
  const lease = { number: breaker.nextLease, untilMs: nowMs + policy.leaseMs };
  return {
    admitted: true,
    permit: { generation: breaker.generation, lease: lease.number },
    breaker: { ...breaker, leases: [...out, lease], nextLease: lease.number + 1 },
  };
};

/** The ramp rises in a straight line from its first share to everything. */
const isInRamp = (
  { rampUntilMs }: BreakerIn<"closed">,
  { nowMs, chance }: CallRequest,
  policy: BreakerPolicy,
): boolean => {
  const left = policy.rampMs === 0 ? 0 : (rampUntilMs - nowMs) / policy.rampMs;
  return chance < 1 - (1 - policy.rampFirstShare) * Math.min(1, left);
};
