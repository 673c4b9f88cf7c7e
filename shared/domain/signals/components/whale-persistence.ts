import type { EnrichedFlow } from "../enrich-flow.ts";
import type { ConvictionPoint } from "../flow.ts";

const CONVICTION_MIN = 0.7;
const POINTS_MIN = 3;
const SPAN_MIN_MS = 30 * 60_000;

/** Strength of lasting conviction: the mean of points of 0.70 or more, if 3 of them span 30 min. */
export const whalePersistence = ({ evidence }: EnrichedFlow): number | undefined => {
  const { convictionHistory } = evidence;
  if (convictionHistory === undefined) return undefined;
  return strengthOf(convictionHistory.points);
};

/** Points stand oldest first. */
const strengthOf = (points: readonly ConvictionPoint[]): number => {
  let count = 0;
  let sum = 0;
  let first: ConvictionPoint | undefined;
  let last: ConvictionPoint | undefined;
  for (const point of points) {
    if (point.conviction < CONVICTION_MIN) continue;
    count++;
    sum += point.conviction;
    first ??= point;
    last = point;
  }
  if (first === undefined || last === undefined || count < POINTS_MIN) return 0;
  return last.atMs - first.atMs >= SPAN_MIN_MS ? sum / count : 0;
};
