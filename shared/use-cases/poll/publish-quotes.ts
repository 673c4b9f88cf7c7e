import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import type { ValidQuote } from "../../domain/market/quote.ts";
import { type MarketDataMessage, writeMarketDataMessage } from "../market-data-message.ts";
import type { CycleShard } from "../open-cycle.ts";
import type { PollMarketDataDeps } from "./shard-poll.ts";

/** Publishes a shard's quotes as ONE message; one without any still has its exits decided. */
export const publishQuotes = (
  deps: Pick<PollMarketDataDeps, "messages">,
  { cycleId, slotMs, shard }: CycleShard,
  quotes: readonly ValidQuote[],
): Promise<void> => {
  const sessionDate = epochMsToNewYork(slotMs).date;
  const message: MarketDataMessage = { cycleId, slotMs, sessionDate, shard, quotes };
  return deps.messages.send([{ body: writeMarketDataMessage(message) }]);
};
