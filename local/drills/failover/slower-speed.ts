import type { FailoverRow } from "../../../shared/domain/failover/failover-row.ts";

/** A scenario as it was run, and what it was given. */
export type RunOfScenario = {
  readonly rows: readonly FailoverRow[];
  readonly speed: number;
  /** How often it was run before. */
  readonly repeats: number;
  /** The part of its time in which the process could do nothing, 0 to 1. */
  readonly stalledShare: number;
};

/** At most so often; each time at half the speed. */
const REPEATS_MAX = 2;
/** Of its time; a world that stands still for longer was not given what it needs. */
const STALLED_SHARE_MAX = 0.5;

/**
 * The speed at which a scenario is worth another run: where it was too slow and the machine had
 * stood still, since a beat of this world is a fraction of a second of this machine. What is judged
 * stays the same; where an order was doubled, unguarded or lost, the row stands: `undefined`.
 */
export const slowerSpeed = ({
  rows,
  speed,
  repeats,
  stalledShare,
}: RunOfScenario): number | undefined => {
  const isHarmless = rows.every(({ doubled, unguarded, lost }) => doubled + unguarded + lost === 0);
  const isWanted = rows.some((row) => !row.ok) && isHarmless && stalledShare > STALLED_SHARE_MAX;
  return isWanted && repeats < REPEATS_MAX && speed > 1 ? Math.ceil(speed / 2) : undefined;
};
