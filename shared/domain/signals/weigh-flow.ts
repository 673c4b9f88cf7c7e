import type { Direction } from "./direction.ts";
import type { EnrichedFlow } from "./enrich-flow.ts";
import { flowDirection } from "./flow-direction.ts";
import { type FlowPart, MODEL, samePartsOf } from "./model.ts";
import type { ComponentName, Weights } from "./weights.ts";

/** A component's part in a score, before freshness. */
export type ComponentValue = { readonly name: ComponentName; readonly value: number };

/** A flow with every component's part, before freshness: it changes with the flow alone. */
export type WeighedFlow = {
  readonly flow: EnrichedFlow;
  readonly weights: Weights;
  readonly direction: Direction;
  readonly sum: number;
  /** Those with input, in the order of the model. */
  readonly components: readonly ComponentValue[];
  /** Those without: they contribute nothing. */
  readonly missing: readonly ComponentName[];
  /** One for each component of the model; NaN for the missing. */
  readonly values: readonly number[];
};

const STRENGTH_MIN = -1;
const STRENGTH_MAX = 1.3;

/**
 * Weighs every component of a flow. Only what reads a part that has changed since the symbol's flow
 * before is asked again; the result is the same without it.
 */
export const weighFlow = (
  flow: EnrichedFlow,
  weights: Weights,
  before: WeighedFlow | undefined,
): WeighedFlow => {
  const values = valuesOf(flow, weights, before);
  const direction = flowDirection(flow);
  let sum = 0;
  for (const value of values) if (!Number.isNaN(value)) sum += value;
  if (before !== undefined && values === before.values) {
    const { components, missing } = before;
    return { flow, weights, direction, sum, components, missing, values };
  }
  const parts = patched(values, before) ?? partsOf(values);
  return { flow, weights, direction, sum, ...parts, values };
};

type Parts = Pick<WeighedFlow, "components" | "missing">;

const partsOf = (values: readonly number[]): Parts => {
  const components: ComponentValue[] = [];
  const missing: ComponentName[] = [];
  for (const [place, { name }] of MODEL.entries()) {
    const value = values[place] ?? Number.NaN;
    if (Number.isNaN(value)) missing.push(name);
    else components.push({ name, value });
  }
  return { components, missing };
};

/** The parts of before with what changed put in; `undefined` where something came or went. */
const patched = (values: readonly number[], before: WeighedFlow | undefined): Parts | undefined => {
  if (before === undefined) return undefined;
  const components = before.components.slice();
  let index = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] ?? Number.NaN;
    const known = before.values[place] ?? Number.NaN;
    if (Number.isNaN(value) !== Number.isNaN(known)) return undefined;
    if (Number.isNaN(value)) continue;
    const component = components[index];
    if (component === undefined) return undefined;
    if (!Object.is(value, known)) components[index] = { name: component.name, value };
    index++;
  }
  return { components, missing: before.missing };
};

/** Each component's value; the very list of before where none differs. */
const valuesOf = (
  flow: EnrichedFlow,
  weights: Weights,
  before: WeighedFlow | undefined,
): readonly number[] => {
  const ordered = inOrder(weights);
  if (before?.weights !== weights) return MODEL.map((_, place) => valueAt(place, flow, ordered));
  const same = samePartsOf(before.flow, flow);
  let { values } = before;
  if (!same.alerts) values = revalued(values, PLACES.alerts, flow, ordered);
  if (!same.prints) values = revalued(values, PLACES.prints, flow, ordered);
  if (!same.tide) values = revalued(values, PLACES.tide, flow, ordered);
  if (!same.history) values = revalued(values, PLACES.history, flow, ordered);
  if (!same.daily) values = revalued(values, PLACES.daily, flow, ordered);
  return values;
};

/** The values with those at some places asked again; the very list where none differs. */
const revalued = (
  before: readonly number[],
  places: readonly number[],
  flow: EnrichedFlow,
  ordered: readonly number[],
): readonly number[] => {
  let changed: number[] | undefined;
  for (const place of places) {
    const value = valueAt(place, flow, ordered);
    if (Object.is(value, before[place])) continue;
    changed ??= before.slice();
    changed[place] = value;
  }
  return changed ?? before;
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
const valueAt = (place: number, flow: EnrichedFlow, ordered: readonly number[]): number => {
  const component = MODEL[place];
  if (component === undefined) return Number.NaN;
  return (ordered[place] ?? Number.NaN) * modelStrength(component.strength(flow));
};

/** The strength, or NaN without one: what is beyond the model's range comes from a broken input. */
const modelStrength = (strength: number | undefined): number =>
  strength !== undefined && strength >= STRENGTH_MIN && strength <= STRENGTH_MAX
    ? strength
    : Number.NaN;
