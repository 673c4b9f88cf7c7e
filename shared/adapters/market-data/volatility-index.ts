/** A feed that is late by contract is a quarter of an hour behind; older says nothing of now. */
const AGE_MAX_MS = 20 * 60_000;

/**
 * The index if it is of this moment, else `undefined`: an old one is as good as none. A number that
 * is too large for a host arrives as Infinity, and is none either.
 */
export const currentIndex = (value: number, atMs: number, nowMs: number): number | undefined =>
  value > 0 && value < Infinity && Math.abs(nowMs - atMs) <= AGE_MAX_MS ? value : undefined;
