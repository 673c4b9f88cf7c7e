/** The components of the scoring model, as a weights file names them. */
export type ComponentName =
  | "options_flow"
  | "dark_pool"
  | "insider"
  | "iv_term_skew"
  | "smile_slope"
  | "whale_persistence"
  | "event_alignment"
  | "toxicity_penalty"
  | "temporal_motif"
  | "regime_modifier"
  | "congress"
  | "shorts_squeeze"
  | "institutional"
  | "market_tide"
  | "calendar_catalyst"
  | "etf_flow"
  | "greeks_gamma"
  | "ftd_pressure"
  | "iv_rank"
  | "oi_change"
  | "squeeze_score";

/** How much each component counts at full strength; only the toxicity penalty is negative. */
export type Weights = Readonly<Record<ComponentName, number>>;

/** The default model's weights; the positive ones sum to 11.85. */
export const DEFAULT_WEIGHTS: Weights = {
  options_flow: 2.4,
  dark_pool: 1.3,
  insider: 0.5,
  iv_term_skew: 0.6,
  smile_slope: 0.35,
  whale_persistence: 0.7,
  event_alignment: 0.4,
  toxicity_penalty: -0.9,
  temporal_motif: 0.6,
  regime_modifier: 0.3,
  congress: 0.9,
  shorts_squeeze: 0.7,
  institutional: 0.5,
  market_tide: 0.4,
  calendar_catalyst: 0.45,
  etf_flow: 0.3,
  greeks_gamma: 0.4,
  ftd_pressure: 0.3,
  iv_rank: 0.2,
  oi_change: 0.35,
  squeeze_score: 0.2,
};
