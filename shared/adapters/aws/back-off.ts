import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../ports/random.ts";

const FIRST_DELAY_MS = 50;
const DELAY_MAX_MS = 1_000;

/** Waits before the next try; `attempt` is 1 after the first one. */
export type BackOff = (attempt: number) => Promise<void>;

/** Waits a random time up to 50 ms, doubled with every attempt, at most one second. */
export const createBackOff =
  (random: Random): BackOff =>
  async (attempt) => {
    const ceilingMs = Math.min(DELAY_MAX_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
    await sleep(random.next() * ceilingMs);
  };
