import * as z from "zod";
import { parseTicker, type Ticker } from "../domain/market/ticker.ts";

/** A symbol as text, read. */
export const SymbolText = z.string().transform((text, context): Ticker => {
  const ticker = parseTicker(text);
  if (ticker !== undefined) return ticker;
  context.addIssue("A symbol is one to six capital letters.");
  return z.NEVER;
});

/** One to `most` symbols; read as one list, because every poll of every minute brings one. */
export const symbolList = (most: number) => {
  // The same few lists come every minute; what was read once is only compared.
  const known = new Map<unknown, readonly Ticker[]>();
  return z.unknown().transform((value, context): readonly Ticker[] => {
    if (!Array.isArray(value) || value.length < 1 || value.length > most) {
      context.addIssue(`A list of 1 to ${most} symbols.`);
      return z.NEVER;
    }
    const list: readonly unknown[] = value;
    const read = known.get(list[0]);
    if (read !== undefined && isSame(read, list)) return read;
    const symbols: Ticker[] = [];
    for (let index = 0; index < list.length; index++) {
      const text = list[index];
      const ticker = typeof text === "string" ? parseTicker(text) : undefined;
      if (ticker === undefined) {
        const message = "A symbol is one to six capital letters.";
        context.addIssue({ code: "custom", message, path: [index] });
        return z.NEVER;
      }
      symbols.push(ticker);
    }
    if (known.size >= LISTS_KEPT_MAX) known.clear();
    known.set(list[0], symbols);
    return symbols;
  });
};

const LISTS_KEPT_MAX = 100;

const isSame = (read: readonly Ticker[], list: readonly unknown[]): boolean => {
  if (read.length !== list.length) return false;
  let place = 0;
  for (const symbol of read) if (symbol !== list[place++]) return false;
  return true;
};
