import type { Session } from "../../domain/market/calendar.ts";
import { usd, ZERO_USD } from "../../domain/market/money.ts";
import type { QuotedPrice, Snapshot } from "../../domain/market/quote.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";
import { lostFields } from "../../domain/probe/lost-fields.ts";
import { PROBE_ACCOUNT } from "../../domain/probe/probe-account.ts";
import {
  PROBE_SCORE_MIN,
  PROBE_SYMBOL,
  type ProbeSignal,
} from "../../domain/probe/probe-signal.ts";
import { claimOrder } from "../../domain/risk/claim-order.ts";
import { type ControlCell, openCell } from "../../domain/risk/control-cell.ts";
import { guardOrder } from "../../domain/risk/guard.ts";
import { progressClaim } from "../../domain/risk/progress-claim.ts";
import type { Settings } from "../../domain/settings.ts";
import { enrichFlow, type EnrichedFlow } from "../../domain/signals/enrich-flow.ts";
import type { FlowEvidence, MarketTide } from "../../domain/signals/flow.ts";
import type { ComponentName } from "../../domain/signals/weights.ts";
import type { DryRunBroker } from "../../ports/probe.ts";
import { decideSymbol, type Decision } from "../decide/decide-symbol.ts";

/** The stages of the way of an order, as the probe walks them. */
export type ProbeStage =
  | "fetch"
  | "parse"
  | "enrich"
  | "score"
  | "gate"
  | "guard"
  | "claim"
  | "broker"
  | "release";

/** Where the probe stopped, and why. */
export type ProbeFailure = { readonly stage: ProbeStage; readonly reason: string };

/** What became of the probe's signal behind the vendors' adapters. */
export type SignalWalk = {
  /** 0 to 8; null where nothing could be scored. */
  readonly score: number | null;
  /** Paths of what went in and did not come out. */
  readonly lost: readonly string[];
  /** `undefined` where it came all the way. */
  readonly failure: ProbeFailure | undefined;
};

/** What the walk looks at, all of one moment. */
export type SignalInput = {
  readonly signal: ProbeSignal;
  readonly evidence: FlowEvidence | undefined;
  readonly marketTide: MarketTide | undefined;
  /** What each vendor's adapter made of the quote. */
  readonly snapshots: readonly Snapshot[];
  readonly quote: QuotedPrice | undefined;
  readonly settings: Settings;
  readonly session: Session;
  /** Epoch ms. */
  readonly nowMs: number;
};

/** What the signal must move the score by. */
const COMPONENTS: readonly ComponentName[] = [
  "options_flow",
  "dark_pool",
  "market_tide",
  "greeks_gamma",
  "iv_rank",
  "oi_change",
];

/**
 * Takes the probe's signal from what the adapters made of it to the dry run and back: enriched,
 * scored, gated and guarded as every signal is, with the account's own settings but its own cell,
 * which is in memory alone. Pure but for `broker.take`.
 */
export const walkSignal = (input: SignalInput, broker: DryRunBroker): SignalWalk => {
  const { evidence, quote, nowMs } = input;
  const settings = { ...input.settings, account: PROBE_ACCOUNT };
  const flow =
    evidence === undefined ? undefined : enrichFlow(evidence, nowMs, settings.enrichment);
  const parsed = lostInParsing(input);
  const enriched = flow === undefined ? [] : lostInEnriching(flow);
  const cell = probeCell(settings, nowMs);
  const decision = decideSymbol(
    {
      symbol: PROBE_SYMBOL,
      quote,
      lastKnown: undefined,
      flow,
      tide: input.marketTide,
      withoutFlow: "flowMissing",
      cell,
      session: input.session,
      sessionDate: input.session.date,
      slotMs: Math.floor(nowMs / 60_000) * 60_000,
      nowMs,
    },
    settings,
  );
  const unscored = lostInScoring(decision);
  const lost = [...parsed, ...enriched, ...unscored];
  const score = decision.score?.score ?? null;
  const failure =
    lossAt("parse", parsed) ??
    lossAt("enrich", enriched) ??
    lossAt("score", unscored) ??
    failureOf(decision) ??
    claimAndRelease(input, decision.intent, cell, broker);
  return { score, lost, failure };
};

const lossAt = (stage: ProbeStage, lost: readonly string[]): ProbeFailure | undefined =>
  lost.length === 0 ? undefined : { stage, reason: `Lost: ${lost.join(", ")}.` };

/** What the normal form must say of the signal; dates of days alone are not compared. */
const lostInParsing = (input: SignalInput): readonly string[] => {
  const { signal, evidence, marketTide, snapshots, quote } = input;
  const expected = {
    flowAlerts: { alerts: signal.alerts, observedAtMs: signal.alerts[0]?.createdAtMs },
    darkPool: { prints: signal.prints, observedAtMs: signal.prints[0]?.executedAtMs },
    marketTide: signal.marketTide,
    daily: {
      greeks: { gammaExposure: signal.gammaExposure },
      ivRank: { rank: signal.ivRank },
      openInterestChange: { change: signal.openInterestChange, direction: "bullish" },
    },
  };
  const { last, ...sides } = signal.quote;
  const { bid, ask, exchangeTimeMs } = signal.quote;
  return [
    ...lostFields(expected, { ...evidence, marketTide }),
    // One vendor's loss is made good by the other: each is looked at by itself.
    ...snapshots.flatMap((snapshot) =>
      lostFields({ quote: sides, trade: { price: last } }, snapshot, snapshot.source),
    ),
    // A message carries what decisions rest on, and sizes are not part of it.
    ...lostFields({ quote: { bid, ask, exchangeTimeMs } }, { quote }),
    ...(quote !== undefined && quote.confirmedBy.length === 0 ? ["quote.confirmedBy"] : []),
  ];
};

const lostInEnriching = (flow: EnrichedFlow): readonly string[] =>
  lostFields(
    {
      sentiment: { direction: "bullish", conviction: 1 },
      leaning: { direction: "bullish", printCount: 2 },
      toxicity: 0.1,
    },
    { sentiment: flow.sentiment, leaning: flow.darkPool, toxicity: flow.toxicity },
  );

const lostInScoring = ({ score }: Decision): readonly string[] => {
  if (score === undefined) return [];
  const scored = new Set(score.components.map(({ name }) => name));
  return COMPONENTS.filter((name) => !scored.has(name)).map((name) => `score.${name}`);
};

const failureOf = ({ score, gateReasons, stop }: Decision): ProbeFailure | undefined => {
  if (score === undefined) {
    return { stage: "score", reason: `There is no score: ${stop?.reason ?? "unknown"}.` };
  }
  if (!(score.score >= PROBE_SCORE_MIN)) {
    const reason = `The signal scored ${score.score.toFixed(2)}, not ${PROBE_SCORE_MIN} or more.`;
    return { stage: "score", reason };
  }
  if (gateReasons.length > 0) return { stage: "gate", reason: `${gateReasons.join(", ")}.` };
  return stop === undefined ? undefined : { stage: "guard", reason: `${stop.reason}.` };
};

/** What the guard holds it to are the account's own limits; what the account has is made up. */
const probeCell = (settings: Settings, nowMs: number): ControlCell => ({
  ...openCell({ ...settings, nowMs }),
  reconciliation: { state: "clean", cleanAtMs: nowMs },
  accountReading: {
    equity: usd(1_000_000),
    cash: usd(1_000_000),
    buyingPower: usd(1_000_000),
    observedAtMs: nowMs,
  },
  cashFlow: ZERO_USD,
});

const claimAndRelease = (
  { settings, session, quote, nowMs }: SignalInput,
  intent: OrderIntent | undefined,
  cell: ControlCell,
  broker: DryRunBroker,
): ProbeFailure | undefined => {
  if (intent === undefined) return { stage: "guard", reason: "No order was intended." };
  const { region } = settings;
  const approved = guardOrder({ intent, cell, quote, session, region, nowMs });
  if (!approved.ok) {
    return { stage: "guard", reason: `${approved.error.map(({ reason }) => reason).join(", ")}.` };
  }
  const terms = { claimId: PROBE_ACCOUNT, nowMs, submitByMs: nowMs };
  const claimed = claimOrder(cell, approved.value, terms);
  if (!claimed.ok) return { stage: "claim", reason: "The claim was refused." };
  // A second claim of one order is what must never be: the probe tries that too.
  if (claimOrder(claimed.value, approved.value, terms).ok) {
    return { stage: "claim", reason: "The order could be claimed twice." };
  }
  if (broker.take(approved.value) !== "taken") {
    return { stage: "broker", reason: "The dry run did not take the order." };
  }
  const { clientOrderId } = intent;
  const released = progressClaim(claimed.value, clientOrderId, { type: "neverSent" }, nowMs);
  return Object.keys(released.inFlight).length === 0
    ? undefined
    : { stage: "release", reason: "The claim stands although nothing was sent." };
};
