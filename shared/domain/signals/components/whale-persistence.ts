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

const strengthOf = (points: readonly ConvictionPoint[]): number => {
  let count = 0;
  let sum = 0;
  let firstAtMs = Infinity;
  let lastAtMs = -Infinity;
  for (const { conviction, atMs } of points) {
    if (conviction < CONVICTION_MIN) continue;
    count++;
    sum += conviction;
    firstAtMs = Math.min(firstAtMs, atMs);
    lastAtMs = Math.max(lastAtMs, atMs);
  }
  return count >= POINTS_MIN && lastAtMs - firstAtMs >= SPAN_MIN_MS ? sum / count : 0;
};
