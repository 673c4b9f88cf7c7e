import type { Ticker } from "../market/ticker.ts";
import type { Direction } from "./direction.ts";
import type { EnrichedFlow } from "./enrich-flow.ts";
import type { MarketTide } from "./flow.ts";
import { flowDirection } from "./flow-direction.ts";
import { type FlowPart, MODEL, type SameParts, samePartsOf } from "./model.ts";
import type { ComponentName, Weights } from "./weights.ts";

/** A component's part in a score, before freshness. */
export type ComponentValue = { readonly name: ComponentName; readonly value: number };

/**
 * A symbol's flow with every component's part, which changes with the flow and the market's tide
 * alone, and what comes of it with freshness. Changed in place from one minute to the next; it says
 * what it is about.
 */
export type WeighedFlow = {
  symbol: Ticker;
  flow: EnrichedFlow;
  tide: MarketTide | undefined;
  /** `undefined` where weighing was not ended: then nothing of it counts. */
  weights: Weights | undefined;
  direction: Direction;
  /** Before freshness. */
  sum: number;
  /** Those with input, in the order of the model; another list where one of them is another. */
  components: readonly ComponentValue[];
  /** Those without: they contribute nothing. */
  missing: readonly ComponentName[];
  /** 0 to 1; `undefined` if not known. */
  toxicity: number | undefined;
  /** 0 to 1; 0 if there is no sentiment, which then is among the missing. */
  conviction: number;
  /** The vendor's time stamp of the newest alert, epoch ms. */
  newestAlertAtMs: number | undefined;
  /** When it was scored last: how fresh it was, 0 to 1, and the score, 0 to 8. */
  freshness: number;
  score: number;
  /** One for each component of the model; NaN for the missing. */
  readonly values: Float64Array;
};

const STRENGTH_MIN = -1;
const STRENGTH_MAX = 1.3;

/** Weighs every component of a flow and the market's tide. */
export const weighFlow = (
  flow: EnrichedFlow,
  tide: MarketTide | undefined,
  weights: Weights,
): WeighedFlow => {
  const weighed: WeighedFlow = {
    symbol: flow.evidence.symbol,
    flow,
    tide,
    weights: undefined,
    direction: "neutral",
    sum: 0,
    components: [],
    missing: MODEL.map(({ name }) => name),
    toxicity: undefined,
    conviction: 0,
    newestAlertAtMs: undefined,
    freshness: 0,
    score: 0,
    values: new Float64Array(MODEL.length).fill(Number.NaN),
  };
  lookAt(weighed, flow);
  revalue(weighed, weights, NOTHING_SAME);
  return weighed;
};

/**
 * Goes on to another flow or tide. Only what reads a part that has changed is asked again; what
 * comes of it is what weighing anew would.
 */
export const weighAgain = (
  weighed: WeighedFlow,
  flow: EnrichedFlow,
  tide: MarketTide | undefined,
  weights: Weights,
): void => {
  const same =
    weighed.weights === weights
      ? samePartsOf(weighed.flow, flow, weighed.tide === tide)
      : NOTHING_SAME;
  weighed.tide = tide;
  weighed.weights = undefined;
  lookAt(weighed, flow);
  revalue(weighed, weights, same);
};

/** Takes up what a score says of the flow itself: every minute asks for it again. */
const lookAt = (weighed: WeighedFlow, flow: EnrichedFlow): void => {
  weighed.symbol = flow.evidence.symbol;
  weighed.flow = flow;
  weighed.direction = flowDirection(flow);
  weighed.toxicity = flow.toxicity;
  weighed.conviction = flow.sentiment?.conviction ?? 0;
  weighed.newestAlertAtMs = flow.newestAlertAtMs;
};

const NOTHING_SAME: SameParts = {
  alerts: false,
  prints: false,
  tide: false,
  history: false,
  daily: false,
};

/** Asks again for whatever reads a part that is not the same. */
const revalue = (weighed: WeighedFlow, weights: Weights, same: SameParts): void => {
  const ordered = inOrder(weights);
  let moved = NONE_MOVED;
  if (!same.alerts) moved |= revalueAt(PLACES.alerts, weighed, ordered);
  if (!same.prints) moved |= revalueAt(PLACES.prints, weighed, ordered);
  if (!same.tide) moved |= revalueAt(PLACES.tide, weighed, ordered);
  if (!same.history) moved |= revalueAt(PLACES.history, weighed, ordered);
  if (!same.daily) moved |= revalueAt(PLACES.daily, weighed, ordered);
  if (moved !== NONE_MOVED) retell(weighed, moved);
  weighed.weights = weights;
};

/**
 * Places in the model, one bit each, of which a number has 31: a list of them would be made for
 * every symbol and minute.
 */
type Places = number;

const NONE_MOVED: Places = 0;

/** Sums and lists the values anew of which some have moved. */
const retell = (weighed: WeighedFlow, moved: Places): void => {
  const { values } = weighed;
  let sum = 0;
  for (const value of values) if (!Number.isNaN(value)) sum += value;
  weighed.sum = sum;
  // Lists that were given away stay as they are.
  const components = patched(weighed, moved);
  if (components === undefined) Object.assign(weighed, partsOf(values));
  else weighed.components = components;
};

/** Asks for the values at some places again; returns where they are others than before. */
const revalueAt = (
  places: readonly number[],
  { flow, tide, values }: WeighedFlow,
  ordered: readonly number[],
): Places => {
  let moved = NONE_MOVED;
  for (const place of places) {
    const value = valueAt(place, flow, tide, ordered);
    if (Object.is(value, values[place])) continue;
    values[place] = value;
    moved |= 1 << place;
  }
  return moved;
};

/** The components with what moved put in; `undefined` where something came or went. */
const patched = (
  { values, components }: WeighedFlow,
  moved: Places,
): readonly ComponentValue[] | undefined => {
  const next = components.slice();
  let index = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] ?? Number.NaN;
    const isMoved = (moved & (1 << place)) !== 0;
    if (Number.isNaN(value)) {
      if (isMoved) return undefined;
      continue;
    }
    if (isMoved) {
      const name = MODEL[place]?.name;
      if (name === undefined || next[index]?.name !== name) return undefined;
      next[index] = { name, value };
    }
    index++;
  }
  return next;
};

const partsOf = (values: Float64Array): Pick<WeighedFlow, "components" | "missing"> => {
  const components: ComponentValue[] = [];
  const missing: ComponentName[] = [];
  for (const [place, { name }] of MODEL.entries()) {
    const value = values[place] ?? Number.NaN;
    if (Number.isNaN(value)) missing.push(name);
    else components.push({ name, value });
  }
  return { components, missing };
};

const placesOf = (part: FlowPart): readonly number[] =>
  [...MODEL.keys()].filter((place) => MODEL[place]?.reads === part);

/** Where in the model those components stand that read a part. */
const PLACES: Readonly<Record<FlowPart, readonly number[]>> = {
  alerts: placesOf("alerts"),
  prints: placesOf("prints"),
  tide: placesOf("tide"),
  history: placesOf("history"),
  daily: placesOf("daily"),
};

/** The weights in the order of the model; every symbol of a cycle brings the same ones. */
const inOrder = (weights: Weights): readonly number[] => {
  if (lastOrdered.weights !== weights) {
    lastOrdered = { weights, ordered: MODEL.map(({ name }) => weights[name]) };
  }
  return lastOrdered.ordered;
};

let lastOrdered: { readonly weights: Weights | undefined; readonly ordered: readonly number[] } = {
  weights: undefined,
  ordered: [],
};

/** A component's weight times its strength; NaN without input. */
const valueAt = (
  place: number,
  flow: EnrichedFlow,
  tide: MarketTide | undefined,
  ordered: readonly number[],
): number => {
  const component = MODEL[place];
  if (component === undefined) return Number.NaN;
  return (ordered[place] ?? Number.NaN) * modelStrength(component.strength(flow, tide));
};

/** The strength, or NaN without one: what is beyond the model's range comes from a broken input. */
const modelStrength = (strength: number | undefined): number =>
  strength !== undefined && strength >= STRENGTH_MIN && strength <= STRENGTH_MAX
    ? strength
    : Number.NaN;
