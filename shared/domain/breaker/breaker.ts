import { type CallWindow, emptyWindow } from "./call-window.ts";

/** Why a breaker opened. */
export type OpenReason =
  | "failuresInARow"
  | "failureShare"
  | "slowShare"
  | "vendorSaidWait"
  | "probeFailed";

/** A probe that is out: until it answers, or until its lease ends, nobody else has its place. */
export type ProbeLease = { readonly number: number; readonly untilMs: number };

/**
 * A circuit breaker. Its generation rises with every change of state, so that an answer to a call
 * that was let through before the change is recognised, and changes nothing.
 */
export type Breaker =
  | {
      readonly state: "closed";
      readonly generation: number;
      /** Trips in close succession so far; they lengthen the next open time. */
      readonly trips: number;
      readonly failuresInARow: number;
      readonly window: CallWindow;
      /** Since when it has been closed, epoch ms. */
      readonly sinceMs: number;
      /** Until then only a growing share of the calls is let through, epoch ms; 0: no ramp. */
      readonly rampUntilMs: number;
    }
  | {
      readonly state: "open";
      readonly generation: number;
      readonly trips: number;
      readonly sinceMs: number;
      /** From then on probes may find out whether the vendor is back, epoch ms. */
      readonly untilMs: number;
      readonly reason: OpenReason;
    }
  | {
      readonly state: "halfOpen";
      readonly generation: number;
      readonly trips: number;
      readonly sinceMs: number;
      readonly successes: number;
      /** The probes that are out, at most `probesMax`. */
      readonly leases: readonly ProbeLease[];
      /** What the next lease is called. */
      readonly nextLease: number;
    };

/** One of the three forms. */
export type BreakerIn<State extends Breaker["state"]> = Extract<Breaker, { state: State }>;

/** A breaker that has seen nothing yet. */
export const healthyBreaker = (nowMs: number): BreakerIn<"closed"> => ({
  state: "closed",
  generation: 0,
  trips: 0,
  failuresInARow: 0,
  window: emptyWindow(nowMs),
  sinceMs: nowMs,
  rampUntilMs: 0,
});
