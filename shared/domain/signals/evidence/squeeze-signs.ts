import type { DailyEvidence } from "../flow.ts";

type Shorts = NonNullable<DailyEvidence["shorts"]>;

/** What each of the three has to be above to be a sign of a squeeze (the share is 0 to 1). */
const SIGN_OF = { shortInterestShare: 0.15, daysToCover: 5, failsToDeliver: 100_000 } as const;

const names = Object.keys(SIGN_OF) as readonly (keyof typeof SIGN_OF)[];

/** How many signs of a short squeeze are known to be there. */
export const squeezeSignsOf = (shorts: Shorts): number => {
  let signs = 0;
  for (const name of names) {
    const value = shorts[name];
    if (value !== undefined && value > SIGN_OF[name]) signs++;
  }
  return signs;
};

/** The squeeze that the signs of a symbol's shorts make: all three of them are a high one. */
export const squeezeOf = (shorts: Shorts): NonNullable<DailyEvidence["squeeze"]> => {
  const signCount = squeezeSignsOf(shorts);
  return { isHigh: signCount === names.length, signCount, observedAtMs: shorts.observedAtMs };
};
