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
export const symbolList = (most: number) =>
  z
    .array(z.string())
    .min(1)
    .max(most)
    .transform((texts, context): readonly Ticker[] => {
      const symbols: Ticker[] = [];
      for (const [index, text] of texts.entries()) {
        const ticker = parseTicker(text);
        if (ticker === undefined) {
          const message = "A symbol is one to six capital letters.";
          context.addIssue({ code: "custom", message, path: [index] });
          return z.NEVER;
        }
        symbols.push(ticker);
      }
      return symbols;
    });
