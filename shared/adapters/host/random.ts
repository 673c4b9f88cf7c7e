import { randomUUID } from "node:crypto";
import type { Random } from "../../ports/random.ts";

/** The machine's own chance: the only place that asks for it. */
export const createHostRandom = (): Random => ({
  next: () => Math.random(),
  id: () => randomUUID(),
});
