import type { Facts } from "../invariants/facts.ts";
import type { Observation, ObservationType } from "../observation.ts";

/** Looks for one thing that a batch of seeds has to come across. */
export type Sighting = {
  readonly name: string;
  /** In words, for the list that is printed. */
  readonly meaning: string;
  /** The entries of the list of failures that it stands for: `story 1`, `defect 4`. */
  readonly failures: readonly string[];
  /** The observations that it looks at; of any other there is nothing to say. */
  readonly types: readonly ObservationType[];
  /** Makes what looks at one world's observations; true each time that it is seen. */
  readonly create: () => (observation: Observation, facts: Facts) => boolean;
};

/** A sighting that one observation shows by itself. */
export const sighting = (
  types: readonly ObservationType[],
  name: string,
  meaning: string,
  failures: readonly string[],
  isSeen: (observation: Observation, facts: Facts) => boolean,
): Sighting => ({ types, name, meaning, failures, create: () => isSeen });
