import { ALERT_SUMMATION, type AlertSums } from "./alert-sums.ts";
import type { Direction } from "./direction.ts";
import type { EnrichmentPolicy } from "./enrich-flow.ts";
import type { ConvictionPoint, FlowAlert, FlowEvidence } from "./flow.ts";
import { sentimentOf } from "./sentiment.ts";
import { emptyWindow, type SummedWindow, sumWindow } from "./sum-window.ts";

/** How sure a symbol's flow has been, update by update, with the evidence that it goes with. */
export type ConvictionTrack = {
  /** As it came, without the history. */
  readonly source: FlowEvidence;
  /** With the history. */
  readonly evidence: FlowEvidence;
  /** Of the newest point: a history is of one direction. */
  readonly direction: Direction;
  /** Goes over to the next track. */
  readonly alerts: SummedWindow<FlowAlert, AlertSums>;
};

/** The model looks back half an hour for whales; what is older than this says nothing of now. */
const HISTORY_MS = 2 * 60 * 60_000;
/** One a minute of the whole history. */
const POINTS_MAX = 120;

/**
 * The track after evidence of `nowMs`: one point more for each newer alert. When the flow turns to
 * the other side, the history of the side before is over.
 */
export const afterEvidence = (
  before: ConvictionTrack | undefined,
  source: FlowEvidence,
  nowMs: number,
  policy: EnrichmentPolicy,
): ConvictionTrack => {
  if (before?.source === source) return before;
  const { flowAlerts } = source;
  const alerts = before?.alerts ?? emptyWindow(ALERT_SUMMATION);
  if (flowAlerts === undefined) return { source, evidence: source, direction: "neutral", alerts };
  const known = before?.evidence.convictionHistory;
  const newestAtMs = known?.observedAtMs ?? -Infinity;
  if (before !== undefined && known !== undefined && !(flowAlerts.observedAtMs > newestAtMs)) {
    const { direction } = before;
    return { source, evidence: withHistory(source, known), direction, alerts };
  }
  const moments = { fromMs: nowMs - policy.windowMs, toMs: nowMs + policy.futureMaxMs };
  sumWindow(ALERT_SUMMATION, alerts, flowAlerts.alerts, moments);
  const { direction, conviction } = sentimentOf(alerts.sums);
  const atMs = alerts.newestAtMs;
  if (atMs === -Infinity) return { source, evidence: source, direction: "neutral", alerts };
  const isSameSide = before?.direction === direction;
  const earlier = isSameSide ? recentOf(known?.points ?? [], atMs) : [];
  const points = earlier.concat({ conviction, atMs });
  return {
    source,
    evidence: withHistory(source, { points, observedAtMs: atMs }),
    direction,
    alerts,
  };
};

/** The track that stored evidence stands for, so that a new environment goes on from it. */
export const trackOf = (stored: FlowEvidence, policy: EnrichmentPolicy): ConvictionTrack => {
  const { flowAlerts } = stored;
  const alerts = emptyWindow(ALERT_SUMMATION);
  if (flowAlerts === undefined) {
    return { source: stored, evidence: stored, direction: "neutral", alerts };
  }
  const { observedAtMs } = flowAlerts;
  const moments = { fromMs: observedAtMs - policy.windowMs, toMs: observedAtMs };
  sumWindow(ALERT_SUMMATION, alerts, flowAlerts.alerts, moments);
  return {
    source: stored,
    evidence: stored,
    direction: sentimentOf(alerts.sums).direction,
    alerts,
  };
};

/** The same evidence with a history. */
const withHistory = (
  { symbol, daily, flowAlerts, darkPool, marketTide }: FlowEvidence,
  convictionHistory: FlowEvidence["convictionHistory"],
): FlowEvidence => ({ symbol, daily, flowAlerts, darkPool, marketTide, convictionHistory });

/** The points that a newer one joins; they stand oldest first. */
const recentOf = (points: readonly ConvictionPoint[], atMs: number): readonly ConvictionPoint[] => {
  const firstRecent = points.findIndex((point) => atMs - point.atMs <= HISTORY_MS);
  if (firstRecent < 0) return [];
  const from = Math.max(firstRecent, points.length + 1 - POINTS_MAX);
  return from === 0 ? points : points.slice(from);
};
