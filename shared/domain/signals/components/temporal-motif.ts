import type { EnrichedFlow } from "../enrich-flow.ts";
import type { ConvictionPoint } from "../flow.ts";

const BURST_UPDATES_MIN = 5;
const BURST_MINUTES = 5;
const BURST_MS = BURST_MINUTES * 60_000;

/** Strength of a pattern in time, a staircase or a burst, whichever is stronger; at most 1. */
export const temporalMotif = ({ evidence }: EnrichedFlow): number | undefined => {
  const points = evidence.convictionHistory?.points;
  return points === undefined ? undefined : Math.max(staircase(points), burst(points));
};

/** Three rising convictions: three times their rise per step. */
const staircase = (points: readonly ConvictionPoint[]): number => {
  const first = points[points.length - 3];
  const second = points[points.length - 2];
  const third = points[points.length - 1];
  if (first === undefined || second === undefined || third === undefined) return 0;
  const isRising = first.conviction < second.conviction && second.conviction < third.conviction;
  return isRising ? Math.min(1, ((third.conviction - first.conviction) / 2) * 3) : 0;
};

/** Five updates in the newest five minutes: half of their number per minute. */
const burst = (points: readonly ConvictionPoint[]): number => {
  const newestAtMs = points[points.length - 1]?.atMs;
  if (newestAtMs === undefined) return 0;
  // Points stand oldest first: those of the burst are the last.
  const quietUntil = points.findLastIndex(({ atMs }) => newestAtMs - atMs > BURST_MS);
  const updates = points.length - 1 - quietUntil;
  return updates >= BURST_UPDATES_MIN ? Math.min(1, updates / BURST_MINUTES / 2) : 0;
};
