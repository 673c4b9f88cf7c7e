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
import type { EnrichedFlow } from "./enrich-flow.ts";
import type { MarketTide } from "./flow.ts";
import type { ComponentName } from "./weights.ts";

/**
 * The part of the evidence that a component reads: the tide is the market's, all else the symbol's.
 * Parts change at their own pace: the daily ones once a day, alerts every few minutes; the direction
 * of the flow, which many components compare with, is none of them.
 */
export type FlowPart = "alerts" | "prints" | "tide" | "history" | "daily";

/** One component of the model: its strength, or `undefined` without input. */
type ModelComponent = {
  readonly name: ComponentName;
  readonly reads: FlowPart;
  readonly strength: (flow: EnrichedFlow, tide: MarketTide | undefined) => number | undefined;
};

/** The model, in the order in which its components are summed. */
export const MODEL: readonly ModelComponent[] = [
  { name: "options_flow", reads: "alerts", strength: optionsFlow },
  { name: "dark_pool", reads: "prints", strength: darkPool },
  { name: "insider", reads: "daily", strength: insider },
  { name: "iv_term_skew", reads: "daily", strength: ivTermSkew },
  { name: "smile_slope", reads: "daily", strength: smileSlope },
  { name: "whale_persistence", reads: "history", strength: whalePersistence },
  { name: "event_alignment", reads: "daily", strength: eventAlignment },
  { name: "toxicity_penalty", reads: "alerts", strength: toxicityPenalty },
  { name: "temporal_motif", reads: "history", strength: temporalMotif },
  { name: "regime_modifier", reads: "daily", strength: regimeModifier },
  { name: "congress", reads: "daily", strength: congress },
  { name: "shorts_squeeze", reads: "daily", strength: shortsSqueeze },
  { name: "institutional", reads: "daily", strength: institutional },
  { name: "market_tide", reads: "tide", strength: marketTide },
  { name: "calendar_catalyst", reads: "daily", strength: calendarCatalyst },
  { name: "etf_flow", reads: "daily", strength: etfFlow },
  { name: "greeks_gamma", reads: "daily", strength: greeksGamma },
  { name: "ftd_pressure", reads: "daily", strength: ftdPressure },
  { name: "iv_rank", reads: "daily", strength: ivRank },
  { name: "oi_change", reads: "daily", strength: oiChange },
  { name: "squeeze_score", reads: "daily", strength: squeezeScore },
];

/** What of a flow is as it was in another: a part that is the same object says the same. */
export type SameParts = Readonly<Record<FlowPart, boolean>>;

/** Compares two flows part by part; nothing counts as the same if they point another way. */
export const samePartsOf = (
  before: EnrichedFlow,
  flow: EnrichedFlow,
  isTideSame: boolean,
): SameParts => {
  const one = before.evidence;
  const other = flow.evidence;
  const isSameWay = before.sentiment?.direction === flow.sentiment?.direction;
  return {
    alerts:
      isSameWay &&
      before.sentiment?.conviction === flow.sentiment?.conviction &&
      before.toxicity === flow.toxicity,
    prints: isSameWay && before.darkPool === flow.darkPool,
    tide: isSameWay && isTideSame,
    history: isSameWay && one.convictionHistory === other.convictionHistory,
    daily: isSameWay && one.daily === other.daily,
  };
};
