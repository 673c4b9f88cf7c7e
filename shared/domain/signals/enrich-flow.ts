import { darkPoolLeaningOf, type DarkPoolLeaning } from "./dark-pool-leaning.ts";
import { flowToxicity } from "./flow-toxicity.ts";
import type { FlowEvidence } from "./flow.ts";
import { sentimentOf, type FlowSentiment } from "./sentiment.ts";

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

/** Which part of the evidence counts. */
export type EnrichmentPolicy = {
  /** Alerts and prints that are older do not count. */
  readonly windowMs: number;
  /** How far ahead of our clock the vendor's may be. */
  readonly futureMaxMs: number;
};

/** Two hours, which is longer than flow stays fresh enough to enter on. */
export const DEFAULT_ENRICHMENT_POLICY: EnrichmentPolicy = {
  windowMs: 2 * 60 * 60_000,
  futureMaxMs: 5_000,
};

/** Measures the evidence as of `nowMs`; what has no time stamp or is outside the window is unread. */
export const enrichFlow = (
  evidence: FlowEvidence,
  nowMs: number,
  policy: EnrichmentPolicy,
): EnrichedFlow => {
  const counts = (atMs: number | undefined): boolean =>
    atMs !== undefined && nowMs - atMs <= policy.windowMs && atMs <= nowMs + policy.futureMaxMs;
  const alerts = keep(evidence.flowAlerts?.alerts, (alert) => counts(alert.createdAtMs));
  const prints = keep(evidence.darkPool?.prints, (print) => counts(print.executedAtMs));
  let newestAlertAtMs: number | undefined;
  for (const { createdAtMs } of alerts ?? []) {
    if (createdAtMs === undefined) continue;
    newestAlertAtMs = Math.max(newestAlertAtMs ?? createdAtMs, createdAtMs);
  }
  return {
    evidence,
    sentiment: alerts === undefined ? undefined : sentimentOf(alerts),
    darkPool: prints === undefined ? undefined : darkPoolLeaningOf(prints),
    toxicity: evidence.toxicity?.toxicity ?? flowToxicity(alerts ?? []),
    newestAlertAtMs,
  };
};

/** What passes; the very list where all of it does, which is nearly always. */
const keep = <Each>(
  list: readonly Each[] | undefined,
  passes: (each: Each) => boolean,
): readonly Each[] | undefined =>
  list === undefined || list.every(passes) ? list : list.filter(passes);
