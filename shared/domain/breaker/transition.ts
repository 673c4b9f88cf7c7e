import type { Breaker, OpenReason } from "./breaker.ts";

/** A breaker's change of state, for alerts and the record. */
export type BreakerTransition = {
  /** `<vendor>.<operation>`, or `<vendor>.<operation>.<SYMBOL>`. */
  readonly name: string;
  readonly from: Breaker["state"];
  readonly to: Breaker["state"];
  readonly generation: number;
  readonly atMs: number;
  /** Why it opened; null where it did not. */
  readonly reason: OpenReason | null;
  /** When probes may go out; null where it did not open. */
  readonly untilMs: number | null;
};

/** The change between two forms of one breaker; `undefined` where its state is the same. */
export const transitionOf = (
  name: string,
  before: Breaker,
  after: Breaker,
): BreakerTransition | undefined => {
  // A relapse and its probes may lie between two looks: the generation tells.
  if (before.state === after.state && before.generation === after.generation) return undefined;
  return {
    name,
    from: before.state,
    to: after.state,
    generation: after.generation,
    atMs: after.sinceMs,
    reason: after.state === "open" ? after.reason : null,
    untilMs: after.state === "open" ? after.untilMs : null,
  };
};
