import type { Bar } from "../../../shared/domain/market/quote.ts";

/**
 * One bar that covers all of `bars`, which are in the order of time; `undefined` if there is none.
 */
export const aggregateBars = (bars: readonly Bar[]): Bar | undefined => {
  const first = bars[0];
  if (first === undefined) return undefined;
  let { high, low, close } = first;
  let volume = 0;
  for (const bar of bars) {
    if (bar.high > high) ({ high } = bar);
    if (bar.low < low) ({ low } = bar);
    ({ close } = bar);
    volume += bar.volume;
  }
  return { ...first, high, low, close, volume };
};
