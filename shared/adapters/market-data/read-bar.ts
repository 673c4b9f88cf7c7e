import type { Bar } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import { countOf, priceOf, type WireProblem, type WireRecord } from "../http/wire-fields.ts";

/**
 * Reads a bar in the short keys `o`, `h`, `l`, `c` and `v` that two vendors use, none of which may
 * be missing; one whose prices are all 0 is no bar, as before the first trade of a day.
 */
export const readBar = (
  symbol: Ticker,
  wire: WireRecord,
  startsAtMs: number,
  path: string,
): Bar | undefined | WireProblem => {
  const open = priceOf(wire["o"]);
  const high = priceOf(wire["h"]);
  const low = priceOf(wire["l"]);
  const close = priceOf(wire["c"]);
  const volume = countOf(wire["v"]);
  if (open === undefined) return `${path}.o: expected a price`;
  if (high === undefined) return `${path}.h: expected a price`;
  if (low === undefined) return `${path}.l: expected a price`;
  if (close === undefined) return `${path}.c: expected a price`;
  if (volume === undefined) return `${path}.v: expected a count`;
  if (open + high + low + close === 0) return undefined;
  return { symbol, open, high, low, close, volume, startsAtMs };
};
