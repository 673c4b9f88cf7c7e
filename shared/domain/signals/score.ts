import { calendarCatalyst } from "./components/calendar-catalyst.ts";
import { congress } from "./components/congress.ts";
import { darkPool } from "./components/dark-pool.ts";
import { etfFlow } from "./components/etf-flow.ts";
import { eventAlignment } from "./components/event-alignment.ts";
import { ftdPressure } from "./components/ftd-pressure.ts";
import { greeksGamma } from "./components/greeks-gamma.ts";
import { insider } from "./components/insider.ts";
import { institutional } from "./components/institutional.ts";
import { ivRank } from "./components/iv-rank.ts";
import { ivTermSkew } from "./components/iv-term-skew.ts";
import { marketTide } from "./components/market-tide.ts";
import { oiChange } from "./components/oi-change.ts";
import { optionsFlow } from "./components/options-flow.ts";
import { regimeModifier } from "./components/regime-modifier.ts";
import { shortsSqueeze } from "./components/shorts-squeeze.ts";
import { smileSlope } from "./components/smile-slope.ts";
import { squeezeScore } from "./components/squeeze-score.ts";
import { temporalMotif } from "./components/temporal-motif.ts";
import { toxicityPenalty } from "./components/toxicity-penalty.ts";
import { whalePersistence } from "./components/whale-persistence.ts";
import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "./direction.ts";
import type { EnrichedFlow } from "./enrich-flow.ts";
import { flowDirection } from "./flow-direction.ts";
import { freshnessOf } from "./freshness.ts";
import type { ComponentName, Weights } from "./weights.ts";

/** A component's part in a score, before freshness. */
type ComponentValue = { readonly name: ComponentName; readonly value: number };

/** How strongly the evidence on a symbol points one way. */
export type CompositeScore = {
  readonly symbol: Ticker;
  /** 0 to 8. */
  readonly score: number;
  readonly direction: Direction;
  /** Those with input, in the order of the model. */
  readonly components: readonly ComponentValue[];
  /** Those without: they contribute nothing. */
  readonly missing: readonly ComponentName[];
  /** 0 to 1. */
  readonly freshness: number;
  /** 0 to 1; `undefined` if not known. */
  readonly toxicity: number | undefined;
  /** 0 to 1; 0 if there is no sentiment, which then is among the missing. */
  readonly conviction: number;
  readonly scoredAtMs: number;
  /** What it rests on; the symbol's next score goes on from it. */
  readonly weighed: WeighedFlow;
};

/** A flow with every component's part, before freshness: it changes with the flow alone. */
export type WeighedFlow = Pick<CompositeScore, "components" | "missing" | "direction"> & {
  readonly flow: EnrichedFlow;
  readonly weights: Weights;
  readonly sum: number;
};

const SCORE_MAX = 8;
const STRENGTH_MIN = -1;
const STRENGTH_MAX = 1.3;

/**
 * Scores enriched evidence as of `nowMs`: the sum of every component's weight times its strength,
 * times freshness, within 0 to 8. The symbol's score before saves work and changes nothing.
 */
export const scoreFlow = (
  flow: EnrichedFlow,
  weights: Weights,
  nowMs: number,
  before?: CompositeScore,
): CompositeScore => {
  const known = before?.weighed;
  const weighed =
    known?.flow === flow && known.weights === weights ? known : weighFlow(flow, weights, known);
  const { sum, direction, components, missing } = weighed;
  const freshness = freshnessOf(flow.newestAlertAtMs, nowMs);
  return {
    symbol: flow.evidence.symbol,
    score: Math.min(SCORE_MAX, Math.max(0, sum * freshness)),
    direction,
    components,
    missing,
    freshness,
    toxicity: flow.toxicity,
    conviction: flow.sentiment?.conviction ?? 0,
    scoredAtMs: nowMs,
    weighed,
  };
};

/** What is as it was before stays the same object: most of a symbol's components change daily. */
const weighFlow = (
  flow: EnrichedFlow,
  weights: Weights,
  before: WeighedFlow | undefined,
): WeighedFlow => {
  const direction = flowDirection(flow);
  let sum = 0;
  for (let place = 0; place < MODEL.length; place++) {
    const value = valueAt(place, flow, weights);
    VALUES[place] = value;
    if (!Number.isNaN(value)) sum += value;
  }
  if (before !== undefined && isMadeOfValues(before.components)) {
    return { ...before, flow, weights, direction, sum };
  }
  const components: ComponentValue[] = [];
  const missing: ComponentName[] = [];
  for (const [place, { name }] of MODEL.entries()) {
    const value = VALUES[place] ?? Number.NaN;
    if (Number.isNaN(value)) {
      missing.push(name);
      continue;
    }
    const known = before?.components[components.length];
    components.push(
      known?.name === name && Object.is(known.value, value) ? known : { name, value },
    );
  }
  return { components, missing, direction, flow, weights, sum };
};

/** A component's weight times its strength; NaN without input. */
const valueAt = (place: number, flow: EnrichedFlow, weights: Weights): number => {
  const component = MODEL[place];
  if (component === undefined) return Number.NaN;
  return weights[component.name] * modelStrength(component.strength(flow));
};

/** Whether these are the components of the values that were just found, one by one. */
const isMadeOfValues = (components: readonly ComponentValue[]): boolean => {
  let index = 0;
  for (let place = 0; place < MODEL.length; place++) {
    const value = VALUES[place] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const known = components[index++];
    if (!Object.is(known?.value, value) || known?.name !== MODEL[place]?.name) return false;
  }
  return index === components.length;
};

/** The strength, or NaN without one: what is beyond the model's range comes from a broken input. */
const modelStrength = (strength: number | undefined): number =>
  strength !== undefined && strength >= STRENGTH_MIN && strength <= STRENGTH_MAX
    ? strength
    : Number.NaN;

/** The model: each component gives its strength, or `undefined` without input. */
const MODEL: readonly {
  readonly name: ComponentName;
  readonly strength: (flow: EnrichedFlow) => number | undefined;
}[] = [
  { name: "options_flow", strength: optionsFlow },
  { name: "dark_pool", strength: darkPool },
  { name: "insider", strength: insider },
  { name: "iv_term_skew", strength: ivTermSkew },
  { name: "smile_slope", strength: smileSlope },
  { name: "whale_persistence", strength: whalePersistence },
  { name: "event_alignment", strength: eventAlignment },
  { name: "toxicity_penalty", strength: toxicityPenalty },
  { name: "temporal_motif", strength: temporalMotif },
  { name: "regime_modifier", strength: regimeModifier },
  { name: "congress", strength: congress },
  { name: "shorts_squeeze", strength: shortsSqueeze },
  { name: "institutional", strength: institutional },
  { name: "market_tide", strength: marketTide },
  { name: "calendar_catalyst", strength: calendarCatalyst },
  { name: "etf_flow", strength: etfFlow },
  { name: "greeks_gamma", strength: greeksGamma },
  { name: "ftd_pressure", strength: ftdPressure },
  { name: "iv_rank", strength: ivRank },
  { name: "oi_change", strength: oiChange },
  { name: "squeeze_score", strength: squeezeScore },
];

/** Where one flow's values stand while it is weighed; a list for each flow would be garbage. */
const VALUES = new Float64Array(MODEL.length);
