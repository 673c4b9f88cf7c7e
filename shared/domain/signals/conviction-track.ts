import type { Ticker } from "../market/ticker.ts";
import { isSameValue } from "../same-value.ts";
import { ALERT_SUMMATION, type AlertSums } from "./alert-sums.ts";
import type { Direction } from "./direction.ts";
import type { EnrichmentPolicy } from "./enrich-flow.ts";
import type { ConvictionPoint, FlowAlert, FlowEvidence } from "./flow.ts";
import { sentimentOf } from "./sentiment.ts";
import { emptyWindow, type SummedWindow, sumWindow } from "./sum-window.ts";

/**
 * How sure a symbol's flow has been, update by update, with the evidence that it goes with. Changed
 * in place from one update to the next.
 */
export type ConvictionTrack = {
  readonly symbol: Ticker;
  /** As it came, without the history; `undefined` before anything came. */
  source: FlowEvidence | undefined;
  /** With the history. */
  evidence: FlowEvidence | undefined;
  /** Of the newest point: a history is of one direction. */
  direction: Direction;
  readonly alerts: SummedWindow<FlowAlert, AlertSums>;
};

/** The model looks back half an hour for whales; what is older than this says nothing of now. */
const HISTORY_MS = 2 * 60 * 60_000;
/** One a minute of the whole history. */
const POINTS_MAX = 120;

/** A track of nothing yet. */
export const startTrack = (symbol: Ticker): ConvictionTrack => ({
  symbol,
  source: undefined,
  evidence: undefined,
  direction: "neutral",
  alerts: emptyWindow(ALERT_SUMMATION),
});

/** The track that stored evidence stands for, so that a new environment goes on from it. */
export const trackOf = (stored: FlowEvidence, policy: EnrichmentPolicy): ConvictionTrack => {
  const track: ConvictionTrack = { ...startTrack(stored.symbol), source: stored, evidence: stored };
  const { flowAlerts } = stored;
  if (flowAlerts === undefined) return track;
  const { observedAtMs } = flowAlerts;
  const moments = { fromMs: observedAtMs - policy.windowMs, toMs: observedAtMs };
  sumWindow(ALERT_SUMMATION, track.alerts, flowAlerts.alerts, moments);
  track.direction = sentimentOf(track.alerts.sums).direction;
  return track;
};

/**
 * Takes up evidence of `nowMs` and returns it with its history: one point more for each newer
 * alert. When the flow turns to the other side, the history of the side before is over. What says
 * the same as before, in whichever objects, is the very object that was returned before.
 */
export const followEvidence = (
  track: ConvictionTrack,
  source: FlowEvidence,
  nowMs: number,
  policy: EnrichmentPolicy,
): FlowEvidence => {
  const before = track.evidence;
  if (before !== undefined && track.source === source) return before;
  const { history, direction } = historyAfter(track, source, nowMs, policy);
  track.source = source;
  track.direction = direction;
  const now = history === source.convictionHistory ? source : withHistory(source, history);
  track.evidence = before !== undefined && isSame(before, now) ? before : now;
  return track.evidence;
};

/** Mostly the vendor's time tells that something is new; else all of it is compared. */
const isSame = (before: FlowEvidence, now: FlowEvidence): boolean =>
  before.flowAlerts?.observedAtMs === now.flowAlerts?.observedAtMs &&
  before.darkPool?.observedAtMs === now.darkPool?.observedAtMs &&
  isSameValue(before, now);

type History = {
  readonly history: FlowEvidence["convictionHistory"];
  readonly direction: Direction;
};

/** The history that goes with new evidence; the vendor's own where there is nothing to add. */
const historyAfter = (
  { evidence, direction: before, alerts }: ConvictionTrack,
  { flowAlerts, convictionHistory }: FlowEvidence,
  nowMs: number,
  policy: EnrichmentPolicy,
): History => {
  if (flowAlerts === undefined) return { history: convictionHistory, direction: "neutral" };
  const known = evidence?.convictionHistory;
  if (known !== undefined && !(flowAlerts.observedAtMs > known.observedAtMs)) {
    return { history: known, direction: before };
  }
  const moments = { fromMs: nowMs - policy.windowMs, toMs: nowMs + policy.futureMaxMs };
  sumWindow(ALERT_SUMMATION, alerts, flowAlerts.alerts, moments);
  const { sums, newestAtMs: atMs } = alerts;
  if (atMs === -Infinity) return { history: convictionHistory, direction: "neutral" };
  const { direction, conviction } = sentimentOf(sums);
  const earlier = before === direction ? recentOf(known?.points ?? [], atMs) : [];
  const points = earlier.concat({ conviction, atMs });
  return { history: { points, observedAtMs: atMs }, direction };
};

/** The same evidence with a history. */
const withHistory = (
  { symbol, daily, flowAlerts, darkPool }: FlowEvidence,
  convictionHistory: FlowEvidence["convictionHistory"],
): FlowEvidence => ({ symbol, daily, flowAlerts, darkPool, convictionHistory });

/** The points that a newer one joins; they stand oldest first. */
const recentOf = (points: readonly ConvictionPoint[], atMs: number): readonly ConvictionPoint[] => {
  const firstRecent = points.findIndex((point) => atMs - point.atMs <= HISTORY_MS);
  if (firstRecent < 0) return [];
  const from = Math.max(firstRecent, points.length + 1 - POINTS_MAX);
  return from === 0 ? points : points.slice(from);
};
