import type { FaultKind } from "../faults/fault-kind.ts";
import type { OperatorDesk } from "./operator-desk.ts";
import type { Region } from "./region.ts";
import type { SimulatedWorld } from "./world.ts";

/** What happens to a world from outside, at moments that are drawn when it begins. */
export type Mishap = {
  readonly kind: FaultKind;
  /** So often in a session, at most. */
  readonly timesMax: number;
  readonly happen: (scene: Scene, draw: (about: string) => number) => void;
};

/** What mishaps happen to. */
export type Scene = { readonly world: SimulatedWorld; readonly desk: OperatorDesk };

const MS_PER_MINUTE = 60_000;

/** A tenth of the longest duration at least; `draw` is in [0, 1). */
export const durationMs = (draw: number, longestMinutes: number): number =>
  Math.ceil((0.1 + 0.9 * draw) * longestMinutes * MS_PER_MINUTE);

/** The Region that holds the account. */
export const activeOf = ({ view, regions }: SimulatedWorld): Region => {
  const cell = view.cell();
  const [first, second] = regions;
  const name = cell === undefined || cell === "damaged" ? first.name : cell.activeRegion;
  return first.name === name ? first : second;
};

/** The other one. */
export const passiveOf = (world: SimulatedWorld): Region => {
  const [first, second] = world.regions;
  return activeOf(world) === first ? second : first;
};
