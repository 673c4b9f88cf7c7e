import type { ValidQuote } from "../../domain/market/quote.ts";
import { shardsOf, type Settings } from "../../domain/settings.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** The last known quotes of every shard, at most one a symbol. */
export const loadQuotes = async (
  telemetry: Pick<Telemetry, "loadQuotes">,
  { symbols, shardSize }: Pick<Settings, "symbols" | "shardSize">,
): Promise<readonly ValidQuote[]> => {
  const shards = shardsOf(symbols, shardSize);
  const quotes = await Promise.all(shards.map(({ shard }) => telemetry.loadQuotes(shard)));
  return quotes.flat();
};
