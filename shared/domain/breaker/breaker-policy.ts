/** When a breaker opens, for how long, and how it comes back. All shares are 0 to 1. */
export type BreakerPolicy = {
  /** Failures in a row that open it. */
  readonly failuresToOpen: number;
  /** The rolling window of the rates; 0: nothing but failures in a row is looked at. */
  readonly windowMs: number;
  /** Rates mean nothing below so many calls in the window. */
  readonly callsMin: number;
  /** A larger share of failures among the window's calls opens it. */
  readonly failureShareMax: number;
  /** A call that takes longer is slow, whatever it brings; Infinity: none is. */
  readonly slowMs: number;
  /** A larger share of slow calls opens it. */
  readonly slowShareMax: number;
  /** How long it stays open the first time; doubles with every trip that follows soon. */
  readonly openMs: number;
  readonly openMaxMs: number;
  /** A vendor that asks us to stay away for longer is not believed. */
  readonly askedMaxMs: number;
  /** The open time is stretched by up to this share, so that functions do not return at once. */
  readonly jitterShare: number;
  /** Probes that a half-open breaker has out or has seen succeed, together. */
  readonly probesMax: number;
  /** Probes that must succeed until it closes; at most `probesMax`. */
  readonly successesToClose: number;
  /** A probe without an answer gives its place to another after so many milliseconds. */
  readonly leaseMs: number;
  /** How long a closed breaker takes to let everything through again; 0: at once. */
  readonly rampMs: number;
  /** The share of calls that is let through when the ramp begins. */
  readonly rampFirstShare: number;
  /** Trips are forgotten after so long without one. */
  readonly forgetTripsMs: number;
};

/** The breaker of market data (E1): 5 failures, 60 s, 3 probes, 3 successes. */
export const DATA_BREAKER: BreakerPolicy = {
  failuresToOpen: 5,
  windowMs: 60_000,
  callsMin: 20,
  failureShareMax: 0.5,
  slowMs: 2_000,
  slowShareMax: 0.8,
  openMs: 60_000,
  openMaxMs: 600_000,
  askedMaxMs: 3_600_000,
  jitterShare: 0.1,
  probesMax: 3,
  successesToClose: 3,
  leaseMs: 10_000,
  rampMs: 10_000,
  rampFirstShare: 0.25,
  forgetTripsMs: 1_800_000,
};
