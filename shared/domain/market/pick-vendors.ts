import type { Ticker } from "./ticker.ts";
import type { AskedVendor } from "./vendor-policy.ts";

/** A vendor that was not asked yet in this poll. */
export type OpenVendor = {
  readonly vendor: AskedVendor;
  readonly origin: string;
  /** How many symbols it may be asked for now. */
  readonly symbolsMax: number;
};

/** Where a symbol stands in a poll. */
export type OpenSymbol = {
  readonly symbol: Ticker;
  /** Sources that gave a usable word. */
  readonly heard: ReadonlySet<string>;
  /** Sources that were asked, and that are not late. */
  readonly awaited: ReadonlySet<string>;
};

/** Whom to ask now, for which symbols. */
export type VendorPick = { readonly vendor: AskedVendor; readonly symbols: readonly Ticker[] };

/**
 * Whom to ask next, in order of preference: as few vendors as can bring `sourcesMin` independent
 * sources for every open symbol; and, where those that were asked have all answered and do not
 * agree, one more that may say who is right. Nobody where nothing is open.
 */
export const pickVendors = (
  open: readonly OpenSymbol[],
  vendors: readonly OpenVendor[],
  sourcesMin: number,
): readonly VendorPick[] => {
  const hopes = open.map(({ symbol, heard, awaited }) => ({
    symbol,
    sources: new Set([...heard, ...awaited]),
    isDecided: awaited.size === 0 && heard.size >= sourcesMin,
  }));
  const picks: VendorPick[] = [];
  for (const { vendor, origin, symbolsMax } of vendors) {
    const helped = hopes
      .filter(
        ({ sources, isDecided }) =>
          isDecided || (sources.size < sourcesMin && !sources.has(origin)),
      )
      .slice(0, symbolsMax);
    if (helped.length === 0) continue;
    picks.push({ vendor, symbols: helped.map(({ symbol }) => symbol) });
    for (const hope of helped) {
      hope.sources.add(origin);
      hope.isDecided = false;
    }
  }
  return picks;
};
