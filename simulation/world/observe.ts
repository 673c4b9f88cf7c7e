import type { Observation } from "../observation.ts";

/** An observation without its moment, which the world adds. */
export type Happened = DistributiveOmit<Observation, "atMs">;

/** Tells the world what has happened just now; it takes the object over, so each is told once. */
export type Observe = (happened: Happened) => void;

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;
