import type { Ticker } from "./ticker.ts";

/** What is kept of symbols, each at the place where it was first seen. Changed in place. */
export type SymbolsInOrder<Each> = {
  readonly inOrder: Each[];
  readonly bySymbol: Map<Ticker, Each>;
};

/** What is kept of one of them. */
type Placed = { readonly symbol: Ticker; readonly place: number };

/** Nothing is kept yet. */
export const noSymbols = <Each>(): SymbolsInOrder<Each> => ({ inOrder: [], bySymbol: new Map() });

/**
 * Finds what is kept of a symbol; `make` makes it where there is nothing. Symbols come in the same
 * order every time: the one behind the `last` is looked at first.
 */
export const findInOrder = <Each extends Placed>(
  { inOrder, bySymbol }: SymbolsInOrder<Each>,
  symbol: Ticker,
  last: Each | undefined,
  make: (symbol: Ticker, place: number) => Each,
): Each => {
  const next = inOrder[last === undefined ? 0 : last.place + 1];
  const known = next?.symbol === symbol ? next : bySymbol.get(symbol);
  if (known !== undefined) return known;
  const first = make(symbol, inOrder.length);
  inOrder.push(first);
  bySymbol.set(symbol, first);
  return first;
};

/** Whether each speaks of the symbol in its place, and none is missing. */
export const areOf = (
  each: readonly { readonly symbol: Ticker }[],
  symbols: readonly Ticker[],
): boolean => {
  if (each.length !== symbols.length) return false;
  let place = 0;
  for (const { symbol } of each) if (symbol !== symbols[place++]) return false;
  return true;
};
