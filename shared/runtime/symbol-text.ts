import * as z from "zod";
import { parseTicker, type Ticker } from "../domain/market/ticker.ts";

/** A symbol as text, read. */
export const SymbolText = z.string().transform((text, context): Ticker => {
  const ticker = parseTicker(text);
  if (ticker !== undefined) return ticker;
  context.addIssue("A symbol is one to six capital letters.");
  return z.NEVER;
});
