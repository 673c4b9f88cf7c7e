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
  readonly alerts: SummedWindow<FlowAlert, AlertSums> | undefined;
  readonly prints: SummedWindow<DarkPoolPrint, PrintSums> | undefined;
  /** The same evidence measures the same from the first moment up to the second, epoch ms. */
  readonly holdsFromMs: number;
  readonly holdsUntilMs: number;
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
  const { flowAlerts, darkPool } = evidence;
  const alerts =
    isHeld && before.evidence.flowAlerts === flowAlerts
      ? before.alerts
      : flowAlerts && sumWindow(ALERT_SUMMATION, flowAlerts.alerts, moments, before?.alerts);
  const prints =
    isHeld && before.evidence.darkPool === darkPool
      ? before.prints
      : darkPool && sumWindow(PRINT_SUMMATION, darkPool.prints, moments, before?.prints);
  const isSameAlerts = before !== undefined && before.alerts === alerts;
  const isSamePrints = before !== undefined && before.prints === prints;
  if (isSameAlerts && isSamePrints && before.evidence === evidence) return before;
  return {
    evidence,
    // What rests on the same sums stays the same object.
    sentiment: isSameAlerts ? before.sentiment : alerts && sentimentOf(alerts.sums),
    darkPool: isSamePrints ? before.darkPool : prints && darkPoolLeaningOf(prints.sums),
    toxicity: evidence.daily.toxicity?.toxicity ?? (alerts && flowToxicity(alerts.sums)),
    newestAlertAtMs: alerts?.newestAtMs,
    alerts,
    prints,
    holdsFromMs: nowMs,
    holdsUntilMs: Math.min(staysUntilMs(alerts, policy), staysUntilMs(prints, policy)),
  };
};
