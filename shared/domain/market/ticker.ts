declare const tickerBrand: unique symbol;

/** A US equity symbol as the exchanges write it: `SPY`, `BRK.B`. Called `symbol` in every record. */
export type Ticker = string & { readonly [tickerBrand]: true };

const PATTERN = /^[A-Z]{1,6}(?:[.-][A-Z]{1,2})?$/;

/** Reads a symbol in capital letters; `undefined` if it is not one. */
export const parseTicker = (text: string): Ticker | undefined =>
  PATTERN.test(text) ? (text as Ticker) : undefined;
