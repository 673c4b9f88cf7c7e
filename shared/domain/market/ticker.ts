declare const tickerBrand: unique symbol;

/**
 * A US equity symbol as the exchanges write it: `SPY`, `BRK.B`, `BAC.PRL`, `TDW.WS.A`; or the CUSIP
 * that stands for what a merger has left behind: `052CVR045`. Called `symbol` in every record.
 */
export type Ticker = string & { readonly [tickerBrand]: true };

const PATTERN = /^(?:[A-Z]{1,6}(?:[.-][A-Z]{1,3}){0,2}|(?=[A-Z]*\d)[A-Z\d]{9})$/;

/**
 * The same symbols come every minute: what was read once need not match the pattern again, and is
 * the one string of all readers, because two of equal letters are compared letter by letter.
 */
const known = new Map<string, Ticker>();
const KNOWN_MAX = 2_000;

/** Reads a symbol in capital letters; `undefined` if it is not one. */
export const parseTicker = (text: string): Ticker | undefined => {
  const same = known.get(text);
  if (same !== undefined) return same;
  if (!PATTERN.test(text)) return undefined;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(text, text as Ticker);
  return text as Ticker;
};
