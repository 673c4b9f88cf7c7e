import { ALERT_SUMMATION, type AlertSums } from "./alert-sums.ts";
import {
  type DarkPoolLeaning,
  darkPoolLeaningOf,
  PRINT_SUMMATION,
  type PrintSums,
} from "./dark-pool-leaning.ts";
import { flowToxicity } from "./flow-toxicity.ts";
import type { DarkPoolPrint, FlowAlert, FlowEvidence, MarketTide } from "./flow.ts";
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

/** What alerts say. Changed in place from one measure to the next: it says what it is about. */
type MeasuredAlerts = Held & {
  of: FlowEvidence["flowAlerts"];
  readonly window: SummedWindow<FlowAlert, AlertSums>;
  sentiment: FlowSentiment | undefined;
  toxicity: number | undefined;
  newestAtMs: number | undefined;
};

/** What prints say. Changed in place from one measure to the next: it says what it is about. */
type MeasuredPrints = Held & {
  of: FlowEvidence["darkPool"];
  readonly window: SummedWindow<DarkPoolPrint, PrintSums>;
  leaning: DarkPoolLeaning | undefined;
};

/**
 * The same list measures the same from the first moment up to the second, epoch ms; never where
 * nothing was measured yet, or measuring was not ended.
 */
type Held = { holdsFromMs: number; holdsUntilMs: number };

const NEVER = Infinity;

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
  const alerts = before?.alerts ?? unmeasuredAlerts();
  const prints = before?.prints ?? unmeasuredPrints();
  measureAlerts(alerts, evidence.flowAlerts, nowMs, policy);
  measurePrints(prints, evidence.darkPool, nowMs, policy);
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

/**
 * The market's tide where it is of the time that a symbol's flow is of; one that is older says
 * nothing, however fresh the flow beside it is.
 */
export const tideNow = (
  tide: MarketTide | undefined,
  nowMs: number,
  { windowMs }: EnrichmentPolicy,
): MarketTide | undefined =>
  tide !== undefined && nowMs - tide.observedAtMs <= windowMs ? tide : undefined;

/** Nothing holds for ever, so that it is a number like any other. */
const HOLDS_MAX_MS = 86_400_000;

const holds = ({ holdsFromMs, holdsUntilMs }: Held, nowMs: number): boolean =>
  nowMs >= holdsFromMs && nowMs < holdsUntilMs;

const unmeasuredAlerts = (): MeasuredAlerts => ({
  of: undefined,
  window: emptyWindow(ALERT_SUMMATION),
  sentiment: undefined,
  toxicity: undefined,
  newestAtMs: undefined,
  holdsFromMs: NEVER,
  holdsUntilMs: NEVER,
});

const measureAlerts = (
  measured: MeasuredAlerts,
  of: FlowEvidence["flowAlerts"],
  nowMs: number,
  policy: EnrichmentPolicy,
): void => {
  if (measured.of === of && holds(measured, nowMs)) return;
  const { window } = measured;
  measured.holdsFromMs = NEVER;
  measured.of = of;
  if (of === undefined) {
    measured.sentiment = undefined;
    measured.toxicity = undefined;
    measured.newestAtMs = undefined;
    measured.holdsUntilMs = Infinity;
  } else {
    sumWindow(ALERT_SUMMATION, window, of.alerts, momentsAt(nowMs, policy));
    const { sums, newestAtMs } = window;
    measured.sentiment = sentimentOf(sums);
    measured.toxicity = flowToxicity(sums);
    measured.newestAtMs = newestAtMs === -Infinity ? undefined : newestAtMs;
    measured.holdsUntilMs = staysUntilMs(window, policy);
  }
  measured.holdsFromMs = nowMs;
};

const unmeasuredPrints = (): MeasuredPrints => ({
  of: undefined,
  window: emptyWindow(PRINT_SUMMATION),
  leaning: undefined,
  holdsFromMs: NEVER,
  holdsUntilMs: NEVER,
});

const measurePrints = (
  measured: MeasuredPrints,
  of: FlowEvidence["darkPool"],
  nowMs: number,
  policy: EnrichmentPolicy,
): void => {
  if (measured.of === of && holds(measured, nowMs)) return;
  const { window } = measured;
  measured.holdsFromMs = NEVER;
  measured.of = of;
  if (of === undefined) {
    measured.leaning = undefined;
    measured.holdsUntilMs = Infinity;
  } else {
    sumWindow(PRINT_SUMMATION, window, of.prints, momentsAt(nowMs, policy));
    measured.leaning = darkPoolLeaningOf(window.sums);
    measured.holdsUntilMs = staysUntilMs(window, policy);
  }
  measured.holdsFromMs = nowMs;
};

const momentsAt = (nowMs: number, { windowMs, futureMaxMs }: EnrichmentPolicy): Moments => ({
  fromMs: nowMs - windowMs,
  toMs: nowMs + futureMaxMs,
});
