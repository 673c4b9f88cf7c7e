import type { Ticker } from "../../domain/market/ticker.ts";

/** What one request may ask for: servers refuse addresses that are much longer than 4,000. */
export type ChunkBounds = {
  readonly symbolsMax: number;
  /** Characters of all names with the commas between them. */
  readonly charactersMax: number;
};

/** Splits symbols, in their order, into as few requests as the bounds allow. */
export const chunkSymbols = (
  symbols: readonly Ticker[],
  { symbolsMax, charactersMax }: ChunkBounds,
): readonly (readonly Ticker[])[] => {
  const chunks: Ticker[][] = [];
  let chunk: Ticker[] = [];
  let characters = 0;
  for (const symbol of symbols) {
    const isFull = chunk.length >= symbolsMax || characters + symbol.length > charactersMax;
    if (isFull && chunk.length > 0) {
      chunks.push(chunk);
      chunk = [];
      characters = 0;
    }
    chunk.push(symbol);
    characters += symbol.length + 1;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
};
