import type { Observation } from "../observation.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf, SKEW_MAX_MS } from "./invariant.ts";

/**
 * (8) An open breaker sends nothing: a function that has read that a vendor's breaker is open asks
 * that vendor for nothing before the time that stands in it, by whichever clock; and a half-open one
 * gives no more places to probes than it has, those that succeeded counted.
 */
export const createOpenBreakerSendsNothing = (): Invariant => {
  let readers: {
    readonly invocation: number;
    readonly openUntilMs: ReadonlyMap<string, number>;
  }[] = [];
  return {
    name: "open-breaker-sends-nothing",
    judge: judgeOf(["breakersRead", "breakerWritten", "vendorAsked"], (observation) => {
      if (observation.type === "breakersRead") {
        const open = observation.breakers.flatMap(({ name, breaker }) =>
          breaker.state === "open" ? [[name, breaker.untilMs] as const] : [],
        );
        const { invocation } = observation.actor;
        readers = [...readers.slice(-READERS_MAX), { invocation, openUntilMs: new Map(open) }];
        return HOLDS;
      }
      if (observation.type === "breakerWritten") return judgePlaces(observation);
      const { actor, vendor, atMs } = observation;
      const read = readers.findLast(({ invocation }) => invocation === actor.invocation);
      const untilMs = read?.openUntilMs.get(`${vendor}.snapshots`);
      return untilMs !== undefined && atMs < untilMs - SKEW_MAX_MS
        ? broken(`${vendor} was asked although its breaker is open.`)
        : HOLDS;
    }),
  };
};

/** E1; said here again, so that no change of the product moves it. */
const PROBES_MAX = 3;

const judgePlaces = ({
  name,
  breaker,
  atMs,
}: Extract<Observation, { type: "breakerWritten" }>): readonly Finding[] => {
  if (breaker.state !== "halfOpen") return HOLDS;
  const out = breaker.leases.filter(({ untilMs }) => atMs < untilMs - SKEW_MAX_MS).length;
  return out + breaker.successes > PROBES_MAX
    ? broken(`${out} probes of ${name} are out, and ${breaker.successes} have succeeded.`)
    : HOLDS;
};

/** Polls that may be under way at the same time, and some more. */
const READERS_MAX = 50;
