import type { Expectation } from "./expectation.ts";
import { FUNNEL_STAGES, type FunnelCounts, type FunnelStage } from "./funnel.ts";
import type { ScoreDistribution } from "./score-distribution.ts";

/** A reason for which symbols stopped at a stage, and how often. */
export type StopCount = { readonly reason: string; readonly count: number };

/** The stage that nothing got past. */
export type Bottleneck = {
  readonly stage: FunnelStage;
  /** How many came to it. */
  readonly arrived: number;
  /** The most frequent first. */
  readonly reasons: readonly StopCount[];
};

/** A symbol that was scored and not entered, by how far its score is from the gate. */
export type NearMiss = {
  readonly symbol: string;
  readonly score: number;
  readonly threshold: number;
  readonly direction: string;
  /** What stopped it: the gate's reasons, else what came of it. */
  readonly reasons: readonly string[];
};

/** What is to be explained. */
export type FunnelExplanationInput = {
  readonly counts: FunnelCounts;
  readonly expectation: Expectation;
  readonly distribution: ScoreDistribution;
  readonly nearest: readonly NearMiss[];
  /** What the last cycle said of itself. */
  readonly cycleReason: string | undefined;
};

/** Why there are no trades, or that there are, in sentences. */
export type FunnelExplanation = {
  readonly bottleneck: Bottleneck | null;
  readonly sentences: readonly string[];
};

/** Explains a session's funnel: what came of it, what stopped it, what was near, is that usual. */
export const explainFunnel = (input: FunnelExplanationInput): FunnelExplanation => {
  const { counts, expectation, distribution, nearest, cycleReason } = input;
  const bottleneck = bottleneckOf(counts);
  const [closest] = nearest;
  const { verdict } = distribution;
  const drift = verdict === "shifted" || verdict === "drifted" ? [describeDrift(distribution)] : [];
  // What somebody has to look at is said before all that is as usual.
  const [first, last] = verdict === "drifted" ? [drift, []] : [[], drift];
  return {
    bottleneck,
    sentences: [
      ...first,
      headline(counts),
      ...(bottleneck === null ? [] : [describeBottleneck(bottleneck, cycleReason)]),
      ...(closest === undefined || (counts.passed.filled ?? 0) > 0 ? [] : [describeNear(closest)]),
      describeExpectation(expectation),
      ...last,
    ],
  };
};

/** The reasons for which symbols stopped at a stage, the most frequent first. */
export const stopsAt = ({ stopped }: FunnelCounts, stage: FunnelStage): readonly StopCount[] =>
  Object.entries(stopped)
    .filter(([key]) => key.startsWith(`${stage}.`))
    .map(([key, count]) => ({ reason: key.slice(stage.length + 1), count }))
    .toSorted((left, right) => right.count - left.count);

/** The first stage that nothing passed; null where something was filled. */
const bottleneckOf = (counts: FunnelCounts): Bottleneck | null => {
  let arrived = 0;
  for (const stage of FUNNEL_STAGES) {
    const passed = counts.passed[stage] ?? 0;
    if (passed === 0) return { stage, arrived, reasons: stopsAt(counts, stage) };
    arrived = passed;
  }
  return null;
};

const headline = ({ passed }: FunnelCounts): string => {
  const { filled = 0, submitted = 0 } = passed;
  const sent = `${submitted} ${submitted === 1 ? "order was" : "orders were"} sent to the broker`;
  return filled === 0
    ? `No trades: ${submitted === 0 ? "no order was sent to the broker" : sent}, none filled.`
    : `${sent}, ${filled} filled.`;
};

const REASONS_TOLD = 3;

const describeBottleneck = (
  { stage, arrived, reasons }: Bottleneck,
  cycleReason: string | undefined,
): string => {
  if (stage === "polled") {
    return `Nothing was polled. The last cycle says: ${cycleReason ?? "there was none."}`;
  }
  const told = reasons
    .slice(0, REASONS_TOLD)
    .map(({ reason, count }) => `${count} ${reason}`)
    .join(", ");
  const why = told === "" ? "and nothing says why yet" : `because of ${told}`;
  return `Of ${arrived} that came so far, none was ${PASSING[stage]}, ${why}.`;
};

const PASSING: Readonly<Record<FunnelStage, string>> = {
  polled: "polled",
  valid: "a valid quote",
  scored: "scored",
  gated: "let through the gate",
  intended: "made an order",
  approved: "approved by the guard",
  submitted: "sent to the broker",
  acknowledged: "acknowledged by the broker",
  filled: "filled",
};

const describeNear = ({ symbol, score, threshold, direction, reasons }: NearMiss): string => {
  const gap = threshold - score;
  const place = gap > 0 ? `${gap.toFixed(2)} below the gate` : "above the gate";
  const why = reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
  return `Nearest is ${symbol}: ${score.toFixed(2)} ${direction}, ${place}${why}.`;
};

const describeExpectation = (expectation: Expectation): string => {
  const { verdict, observed, expected, chance, sessions, volatility } = expectation;
  if (verdict === "unknown") return "The session has not begun, so nothing is expected yet.";
  const basis =
    (sessions === 0
      ? "assumed, as there is no history yet"
      : `from ${sessions} ${sessions === 1 ? "session" : "sessions"}`) +
    (volatility === null ? "" : `, moves ${volatility.toFixed(1)} times the usual`);
  const entries = `${observed} ${observed === 1 ? "entry" : "entries"}`;
  const compared = `${entries} where about ${expected.toFixed(1)} are usual by now`;
  switch (verdict) {
    case "normal":
      return `That is normal for this hour: ${compared} (${basis}).`;
    case "quiet":
      return `That is quiet for this hour: ${compared} (${basis}).`;
    case "abnormal":
      return (
        `That is NOT normal: ${compared} (${basis}); ` +
        `so few come about in ${(chance * 100).toFixed(1)} % of such sessions.`
      );
  }
};

const describeDrift = ({ drift, verdict }: ScoreDistribution): string =>
  verdict === "drifted"
    ? `The scores are of another kind than in earlier sessions (index ${(drift ?? 0).toFixed(2)}).`
    : `The scores have shifted from earlier sessions (index ${(drift ?? 0).toFixed(2)}).`;
