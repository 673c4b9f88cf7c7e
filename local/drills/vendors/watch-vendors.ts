import type { Price } from "../../../shared/domain/market/price.ts";
import type { QuotedPrice, Snapshot } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { AskedVendor } from "../../../shared/domain/market/vendor-policy.ts";
import type { MarketData, VendorReport } from "../../../shared/ports/market-data.ts";
import type { MessageSender } from "../../../shared/ports/message-queue.ts";
import { readMarketDataMessage } from "../../../shared/runtime/messages/market-data-message.ts";

/** One poll of the gateway as it was seen from outside. */
export type SeenPoll = {
  /** The world's time at its end, epoch ms. */
  readonly atMs: number;
  /** The host's time that it took, and how much of it this process stood still. */
  readonly tookMs: number;
  readonly stalledMs: number;
  readonly hasAnswer: boolean;
  readonly reports: readonly VendorReport[];
};

/** What one vendor said of a symbol's price. */
export type SeenWord = { readonly origin: string; readonly mid: Price; readonly atMs: number };

/** A quote that was published, and what the vendors had said of its symbol in the same poll. */
export type SeenQuote = {
  /** When it was published, epoch ms. */
  readonly atMs: number;
  readonly slotMs: number;
  readonly quote: QuotedPrice;
  readonly words: readonly SeenWord[];
};

/** A watcher of all that becomes of vendors' answers. */
export type VendorWatch = {
  readonly watchMarketData: (marketData: MarketData) => MarketData;
  readonly watchQuotes: (messages: MessageSender) => MessageSender;
  readonly polls: () => readonly SeenPoll[];
  readonly quotes: () => readonly SeenQuote[];
};

/** What was said about a poll in the last minutes of a long drill; older ones are not needed. */
const SEEN_MAX = 200_000;

/** Sits between gateway, use case and queue; changes nothing. `nowMs` is the world's time. */
export const createVendorWatch = (clock: {
  readonly nowMs: () => number;
  readonly hostMs: () => number;
  readonly stalledMs: () => number;
}): VendorWatch => {
  const polls: SeenPoll[] = [];
  const quotes: SeenQuote[] = [];
  const words = new Map<Ticker, readonly SeenWord[]>();
  return {
    watchMarketData: (marketData) => ({
      ...marketData,
      fetchSnapshots: async (symbols, limits) => {
        const [startedAtMs, stalledBeforeMs] = [clock.hostMs(), clock.stalledMs()];
        const answer = await marketData.fetchSnapshots(symbols, limits);
        const tookMs = clock.hostMs() - startedAtMs;
        const stalledMs = clock.stalledMs() - stalledBeforeMs;
        for (const symbol of symbols) words.delete(symbol);
        if (answer.ok)
          noteWords(words, [...answer.value.snapshots, ...(answer.value.witnesses ?? [])]);
        const reports = answer.ok ? (answer.value.vendors ?? []) : [];
        if (polls.length < SEEN_MAX) {
          polls.push({ atMs: clock.nowMs(), tookMs, stalledMs, hasAnswer: answer.ok, reports });
        }
        return answer;
      },
    }),
    watchQuotes: (messages) => ({
      ...messages,
      send: async (outgoing) => {
        const atMs = clock.nowMs();
        for (const { body } of outgoing) {
          const message = readMarketDataMessage(JSON.parse(body));
          if (!message.ok) continue;
          const { slotMs } = message.value;
          for (const quote of message.value.quotes) {
            if (quotes.length >= SEEN_MAX) break;
            quotes.push({ atMs, slotMs, quote, words: words.get(quote.symbol) ?? [] });
          }
        }
        await messages.send(outgoing);
      },
    }),
    polls: () => polls,
    quotes: () => quotes,
  };
};

const noteWords = (
  words: Map<Ticker, readonly SeenWord[]>,
  snapshots: readonly Snapshot[],
): void => {
  for (const { symbol, source, origin = source, quote, trade } of snapshots) {
    const mid = quote === undefined ? trade?.price : (((quote.bid + quote.ask) / 2) as Price);
    const atMs = quote?.exchangeTimeMs ?? trade?.exchangeTimeMs;
    if (mid === undefined || atMs === undefined) continue;
    words.set(symbol, [...(words.get(symbol) ?? []), { origin, mid, atMs }]);
  }
};

/** Whether a vendor was asked in a poll and did not deliver, or was kept from being asked. */
export const isLost = ({ reports }: SeenPoll, vendor: AskedVendor): boolean =>
  reports.some(
    (report) =>
      report.vendor === vendor && report.latencyMs !== null && report.outcome.type === "failed",
  );
