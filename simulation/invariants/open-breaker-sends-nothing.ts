import { broken, HOLDS, type Invariant, SKEW_MAX_MS } from "./invariant.ts";

/**
 * (8) An open breaker sends nothing: a function that has read that a vendor's breaker is open asks
 * that vendor for nothing before the time that stands in it, by whichever clock.
 */
export const createOpenBreakerSendsNothing = (): Invariant => {
  let readers: {
    readonly invocation: number;
    readonly openUntilMs: ReadonlyMap<string, number>;
  }[] = [];
  return {
    name: "open-breaker-sends-nothing",
    judge: (observation) => {
      if (observation.type === "breakersRead") {
        const open = observation.breakers.flatMap(({ name, breaker }) =>
          breaker.state === "open" ? [[name, breaker.untilMs] as const] : [],
        );
        const { invocation } = observation.actor;
        readers = [...readers.slice(-READERS_MAX), { invocation, openUntilMs: new Map(open) }];
        return HOLDS;
      }
      if (observation.type !== "vendorAsked") return HOLDS;
      const { actor, vendor, atMs } = observation;
      const read = readers.findLast(({ invocation }) => invocation === actor.invocation);
      const untilMs = read?.openUntilMs.get(`${vendor}.snapshots`);
      return untilMs !== undefined && atMs < untilMs - SKEW_MAX_MS
        ? broken(`${vendor} was asked although its breaker is open.`)
        : HOLDS;
    },
  };
};

/** Polls that may be under way at the same time, and some more. */
const READERS_MAX = 50;
