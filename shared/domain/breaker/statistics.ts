import type { Breaker } from "./breaker.ts";
import type { BreakerPolicy } from "./breaker-policy.ts";
import { windowRates } from "./call-window.ts";

/** What an operator sees of a breaker. */
export type BreakerStatistics = {
  readonly name: string;
  readonly state: Breaker["state"];
  /** As all environments share it; null where nothing is shared. */
  readonly sharedState: Breaker["state"] | null;
  readonly generation: number;
  readonly trips: number;
  readonly sinceMs: number;
  /** When probes may go out; null where it is not open. */
  readonly untilMs: number | null;
  readonly failuresInARow: number;
  /** Of the rolling window, estimated; shares are 0 to 1 and null without a call. */
  readonly calls: number;
  readonly failureShare: number | null;
  readonly slowShare: number | null;
  /** Since this environment began. */
  readonly counts: {
    readonly admitted: number;
    readonly refused: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly overtaken: number;
  };
};

/** What is known of a breaker in one place. */
export type KnownBreaker = Pick<BreakerStatistics, "name" | "counts"> & {
  readonly breaker: Breaker;
  readonly shared: Breaker | undefined;
};

/** Sums up a breaker as of `nowMs`. */
export const statisticsOf = (
  { name, breaker, shared, counts }: KnownBreaker,
  nowMs: number,
  policy: BreakerPolicy,
): BreakerStatistics => {
  const isClosed = breaker.state === "closed";
  const rates = isClosed
    ? windowRates(breaker.window, nowMs, policy)
    : { calls: 0, failures: 0, slow: 0 };
  return {
    name,
    state: breaker.state,
    sharedState: shared?.state ?? null,
    generation: breaker.generation,
    trips: breaker.trips,
    sinceMs: breaker.sinceMs,
    untilMs: breaker.state === "open" ? breaker.untilMs : null,
    failuresInARow: isClosed ? breaker.failuresInARow : 0,
    calls: rates.calls,
    failureShare: rates.calls > 0 ? rates.failures / rates.calls : null,
    slowShare: rates.calls > 0 ? rates.slow / rates.calls : null,
    counts: { ...counts },
  };
};
