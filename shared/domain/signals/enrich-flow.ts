import { ALERT_SUMMATION, type AlertSums } from "./alert-sums.ts";
import {
  type DarkPoolLeaning,
  darkPoolLeaningOf,
  PRINT_SUMMATION,
  type PrintSums,
} from "./dark-pool-leaning.ts";
import { flowToxicity } from "./flow-toxicity.ts";
import type { DarkPoolPrint, FlowAlert, FlowEvidence } from "./flow.ts";
import { sentimentOf, type FlowSentiment } from "./sentiment.ts";
import {
  emptyWindow,
  type Moments,
  type Reach,
  staysUntilMs,
  type SummedWindow,
  sumWindow,
} from "./sum-window.ts";

/** Evidence with what is measured from its lists: the one input of the score. */
export type EnrichedFlow = {
  readonly evidence: FlowEvidence;
  /** `undefined` if no flow alerts are known; known alerts that cancel out are neutral. */
  readonly sentiment: FlowSentiment | undefined;
  readonly darkPool: DarkPoolLeaning | undefined;
  /** 0 to 1, as the vendor states it, else as measured from the alerts in the window. */
  readonly toxicity: number | undefined;
  /** The vendor's time stamp of the newest alert, epoch ms: what freshness is judged by. */
  readonly newestAlertAtMs: number | undefined;
};

/**
 * A symbol's enriched flow with the sums that it rests on; the next enrichment goes on from them.
 */
export type MeasuredFlow = EnrichedFlow & {
  readonly alerts: MeasuredAlerts;
  readonly prints: MeasuredPrints;
  /** The same evidence measures the same from the first moment up to the second, epoch ms. */
  readonly holdsFromMs: number;
  readonly holdsUntilMs: number;
};

/** What a window's alerts say. Changed in place, as the window is, and goes over to the next. */
type MeasuredAlerts = {
  readonly window: SummedWindow<FlowAlert, AlertSums>;
  sentiment: FlowSentiment;
  toxicity: number | undefined;
  newestAtMs: number | undefined;
};

/** What a window's prints say. Changed in place, as the window is, and goes over to the next. */
type MeasuredPrints = {
  readonly window: SummedWindow<DarkPoolPrint, PrintSums>;
  leaning: DarkPoolLeaning;
};

/**
 * Which part of the evidence counts: alerts and prints that are older than the window do not, nor
 * what is further ahead of our clock than the vendor's may be.
 */
export type EnrichmentPolicy = Reach;

/** Two hours, which is longer than flow stays fresh enough to enter on. */
export const DEFAULT_ENRICHMENT_POLICY: EnrichmentPolicy = {
  windowMs: 2 * 60 * 60_000,
  futureMaxMs: 5_000,
};

/**
 * Measures the evidence as of `nowMs`; what has no time stamp or is outside the window is unread.
 * The symbol's measure before, by the same policy, saves work and changes nothing.
 */
export const enrichFlow = (
  evidence: FlowEvidence,
  nowMs: number,
  policy: EnrichmentPolicy,
  before?: MeasuredFlow,
): MeasuredFlow => {
  // Most symbols bring nothing new from one minute to the next: their lists are not touched.
  const isHeld = before !== undefined && nowMs >= before.holdsFromMs && nowMs < before.holdsUntilMs;
  if (isHeld && before.evidence === evidence) return before;
  const moments: Moments = { fromMs: nowMs - policy.windowMs, toMs: nowMs + policy.futureMaxMs };
  const { daily, flowAlerts, darkPool } = evidence;
  const alerts = before?.alerts ?? startAlerts();
  const prints = before?.prints ?? startPrints();
  if (flowAlerts !== undefined) measureAlerts(alerts, flowAlerts.alerts, moments);
  if (darkPool !== undefined) measurePrints(prints, darkPool.prints, moments);
  const isAnyAlert = flowAlerts !== undefined;
  return {
    evidence,
    sentiment: isAnyAlert ? alerts.sentiment : undefined,
    darkPool: darkPool && prints.leaning,
    toxicity: daily.toxicity?.toxicity ?? (isAnyAlert ? alerts.toxicity : undefined),
    newestAlertAtMs: isAnyAlert ? alerts.newestAtMs : undefined,
    alerts,
    prints,
    holdsFromMs: nowMs,
    holdsUntilMs: Math.min(
      isAnyAlert ? staysUntilMs(alerts.window, policy) : Infinity,
      darkPool === undefined ? Infinity : staysUntilMs(prints.window, policy),
    ),
  };
};

const startAlerts = (): MeasuredAlerts => {
  const window = emptyWindow(ALERT_SUMMATION);
  return {
    window,
    sentiment: sentimentOf(window.sums),
    toxicity: undefined,
    newestAtMs: undefined,
  };
};

const startPrints = (): MeasuredPrints => {
  const window = emptyWindow(PRINT_SUMMATION);
  return { window, leaning: darkPoolLeaningOf(window.sums) };
};

const measureAlerts = (
  alerts: MeasuredAlerts,
  list: readonly FlowAlert[],
  moments: Moments,
): void => {
  const { window } = alerts;
  // What rests on the same sums stays the same object.
  if (!sumWindow(ALERT_SUMMATION, window, list, moments)) return;
  const { sums, newestAtMs } = window;
  alerts.sentiment = sentimentOf(sums);
  alerts.toxicity = flowToxicity(sums);
  alerts.newestAtMs = newestAtMs === -Infinity ? undefined : newestAtMs;
};

const measurePrints = (
  prints: MeasuredPrints,
  list: readonly DarkPoolPrint[],
  moments: Moments,
): void => {
  const { window } = prints;
  if (sumWindow(PRINT_SUMMATION, window, list, moments)) {
    prints.leaning = darkPoolLeaningOf(window.sums);
  }
};
