import type { SharedWorld } from "./shared-world.ts";

/** How far a function's clock may be off, either way, and a Region's as a whole. */
const SKEW_MAX_MS = 2_000;

/** How far the clocks of something are off from the beginning, milliseconds; 0 where they are right. */
export const drawSkewMs = (
  { faults, streams, engine }: Pick<SharedWorld, "faults" | "streams" | "engine">,
  of: string,
): number => {
  const place = faults.placeOf(`clock of ${of}`);
  if (!faults.strikes("clock-skew", place.pass(engine.nowMs()), place.name)) return 0;
  return Math.round((2 * streams.stream(place.name).draw("skew") - 1) * SKEW_MAX_MS);
};
