import type { Observation, ObservationType, WorldView } from "../observation.ts";
import type { SimulationMode } from "../seed-run.ts";
import type { Facts } from "./facts.ts";

/** What does not hold, in a sentence, and the order concerned. */
export type Finding = { readonly detail: string; readonly clientOrderId?: string };

/** What an observation is judged by. */
export type Scene = {
  /** What had been observed before. */
  readonly facts: Facts;
  /** The world after the event in which it was observed. */
  readonly view: WorldView;
};

/** Something that must always be true; it looks at an observation and at what that changed. */
export type Invariant = {
  readonly name: string;
  readonly judge: Judge;
  /** Judges a world that has ended. */
  readonly judgeEnd?: (scene: Scene, mode: SimulationMode) => readonly Finding[];
};

/** Judges an observation. */
type Judge = {
  (observation: Observation, scene: Scene): readonly Finding[];
  /** What there is to say of an observation of a type; absent where `judge` itself looks. */
  readonly of?: (type: ObservationType) => Judge | undefined;
};

/** What an invariant says of each type of observation that it looks at. */
type Judges = {
  readonly [Type in ObservationType]?: (
    observation: Extract<Observation, { readonly type: Type }>,
    scene: Scene,
  ) => readonly Finding[];
};

/** Judges by the type of an observation; of all others there is nothing to say. */
export const judgeBy = (judges: Judges): Judge => {
  // The judge under a type's name takes observations of that type.
  const judgeFor = (type: ObservationType): Judge | undefined => judges[type] as Judge | undefined;
  return Object.assign(
    (observation: Observation, scene: Scene): readonly Finding[] =>
      judgeFor(observation.type)?.(observation, scene) ?? HOLDS,
    { of: judgeFor },
  );
};

/** A judge that looks at these types of observation; of all others there is nothing to say. */
export const judgeOf = <Type extends ObservationType>(
  types: readonly Type[],
  judge: (
    observation: Extract<Observation, { readonly type: Type }>,
    scene: Scene,
  ) => readonly Finding[],
): Judge => {
  // It is asked about these types alone.
  const judges = Object.fromEntries(types.map((type) => [type, judge])) as Judges;
  return judgeBy(judges);
};

/** Nothing to say. */
export const HOLDS: readonly Finding[] = [];

/** The one thing that does not hold. */
export const broken = (detail: string, clientOrderId?: string): readonly Finding[] => [
  clientOrderId === undefined ? { detail } : { detail, clientOrderId },
];

/** How far a function's clock may be from the true time; what is promised holds by its own clock. */
export const SKEW_MAX_MS = 5_000;
