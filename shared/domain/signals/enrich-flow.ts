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
  /**
   * The same evidence measures the same from the first moment up to the second. In whole seconds:
   * the engine keeps a number of that size in its place and a larger one somewhere else, and these
   * are looked at for every symbol of every minute.
   */
  readonly holdsFromSeconds: number;
  readonly holdsUntilSeconds: number;
};

/** What alerts say; their window is changed in place, and goes over to the next measure. */
type MeasuredAlerts = Held & {
  readonly of: FlowEvidence["flowAlerts"];
  readonly window: SummedWindow<FlowAlert, AlertSums>;
  readonly sentiment: FlowSentiment | undefined;
  readonly toxicity: number | undefined;
  readonly newestAtMs: number | undefined;
};

/** What prints say; their window is changed in place, and goes over to the next measure. */
type MeasuredPrints = Held & {
  readonly of: FlowEvidence["darkPool"];
  readonly window: SummedWindow<DarkPoolPrint, PrintSums>;
  readonly leaning: DarkPoolLeaning | undefined;
};

/** The same list measures the same from the first moment up to the second, epoch ms. */
type Held = { readonly holdsFromMs: number; readonly holdsUntilMs: number };

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
  // Most symbols bring nothing new from one minute to the next: nothing else of them is touched.
  if (
    before !== undefined &&
    before.evidence === evidence &&
    nowMs >= before.holdsFromSeconds * 1_000 &&
    nowMs < before.holdsUntilSeconds * 1_000
  ) {
    return before;
  }
  const alerts = measureAlerts(evidence.flowAlerts, nowMs, policy, before?.alerts);
  const prints = measurePrints(evidence.darkPool, nowMs, policy, before?.prints);
  const holdsUntilMs = Math.min(alerts.holdsUntilMs, prints.holdsUntilMs, nowMs + HOLDS_MAX_MS);
  return {
    evidence,
    sentiment: alerts.sentiment,
    darkPool: prints.leaning,
    toxicity: evidence.daily.toxicity?.toxicity ?? alerts.toxicity,
    newestAlertAtMs: alerts.newestAtMs,
    alerts,
    prints,
    holdsFromSeconds: Math.ceil(nowMs / 1_000),
    holdsUntilSeconds: Math.floor(holdsUntilMs / 1_000),
  };
};

/** Nothing holds for ever, so that it is a number like any other. */
const HOLDS_MAX_MS = 86_400_000;

const holds = ({ holdsFromMs, holdsUntilMs }: Held, nowMs: number): boolean =>
  nowMs >= holdsFromMs && nowMs < holdsUntilMs;

const measureAlerts = (
  of: FlowEvidence["flowAlerts"],
  nowMs: number,
  policy: EnrichmentPolicy,
  before: MeasuredAlerts | undefined,
): MeasuredAlerts => {
  if (before !== undefined && before.of === of && holds(before, nowMs)) return before;
  const window = before?.window ?? emptyWindow(ALERT_SUMMATION);
  if (of === undefined) {
    const nothing = { sentiment: undefined, toxicity: undefined, newestAtMs: undefined };
    return { of, window, ...nothing, holdsFromMs: nowMs, holdsUntilMs: Infinity };
  }
  sumWindow(ALERT_SUMMATION, window, of.alerts, momentsAt(nowMs, policy));
  const { sums, newestAtMs } = window;
  return {
    of,
    window,
    sentiment: sentimentOf(sums),
    toxicity: flowToxicity(sums),
    newestAtMs: newestAtMs === -Infinity ? undefined : newestAtMs,
    holdsFromMs: nowMs,
    holdsUntilMs: staysUntilMs(window, policy),
  };
};

const measurePrints = (
  of: FlowEvidence["darkPool"],
  nowMs: number,
  policy: EnrichmentPolicy,
  before: MeasuredPrints | undefined,
): MeasuredPrints => {
  if (before !== undefined && before.of === of && holds(before, nowMs)) return before;
  const window = before?.window ?? emptyWindow(PRINT_SUMMATION);
  if (of === undefined) {
    return { of, window, leaning: undefined, holdsFromMs: nowMs, holdsUntilMs: Infinity };
  }
  sumWindow(PRINT_SUMMATION, window, of.prints, momentsAt(nowMs, policy));
  const holdsUntilMs = staysUntilMs(window, policy);
  return { of, window, leaning: darkPoolLeaningOf(window.sums), holdsFromMs: nowMs, holdsUntilMs };
};

const momentsAt = (nowMs: number, { windowMs, futureMaxMs }: EnrichmentPolicy): Moments => ({
  fromMs: nowMs - windowMs,
  toMs: nowMs + futureMaxMs,
});
