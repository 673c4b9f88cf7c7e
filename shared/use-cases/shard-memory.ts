import { RetryableError } from "../domain/fault.ts";
import type { FeedRecord } from "../domain/market/feed-record.ts";
import type { PriceReference } from "../domain/market/price-reference.ts";
import { isConfirmed, type ValidQuote, type VendorName } from "../domain/market/quote.ts";
import { findInOrder, noSymbols, type SymbolsInOrder } from "../domain/market/symbols-in-order.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import type { ValidationPolicy } from "../domain/market/check-quote.ts";
import { validateSnapshot } from "../domain/market/validate-quote.ts";
import type { SnapshotAnswer } from "../ports/market-data.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** What is remembered of a shard between polls: at most one entry a symbol. */
export type ShardMemory = {
  readonly prices: SymbolsInOrder<KnownPrice>;
  /** The slot of the poll that this environment did last, epoch ms. */
  polledSlotMs: number;
  /** What was last kept of where the data comes from. */
  feed: FeedRecord | undefined;
};

/** What is known of a symbol's price. Changed in place, because every poll finds it again. */
type KnownPrice = {
  readonly symbol: Ticker;
  /** Its place among the shard's prices. */
  readonly place: number;
  reference: PriceReference | undefined;
  quote: ValidQuote | undefined;
};

/** The last known quote of every symbol that had one. */
export const lastKnownOf = ({ prices }: ShardMemory): readonly ValidQuote[] => {
  const quotes: ValidQuote[] = [];
  for (const { quote } of prices.inOrder) if (quote !== undefined) quotes.push(quote);
  return quotes;
};

/** Nothing is remembered. */
export const emptyMemory = (): ShardMemory => ({
  prices: noSymbols(),
  polledSlotMs: 0,
  feed: undefined,
});

/**
 * Goes on from the quotes that were stored, however old: what another environment has seen since
 * is newer than what this one remembers. A jump that is held here stays held. Answers whether the
 * store was read: while it is down exits go on with what is remembered.
 */
export const recallShard = async (
  telemetry: Pick<Telemetry, "loadQuotes">,
  { shard, symbols }: { readonly shard: number; readonly symbols: readonly Ticker[] },
  memory: ShardMemory,
): Promise<boolean> => {
  const polled = new Set(symbols);
  const stored = await loadStored(telemetry, shard);
  let known: KnownPrice | undefined;
  for (const quote of stored ?? []) {
    if (!polled.has(quote.symbol)) continue;
    const { mid, exchangeTimeMs, volume } = quote;
    known = findInOrder(memory.prices, quote.symbol, known, firstPrice);
    const { reference } = known;
    if (reference !== undefined && reference.exchangeTimeMs >= exchangeTimeMs) continue;
    known.quote = quote;
    known.reference = { mid, exchangeTimeMs, candidate: reference?.candidate, volume };
  }
  return stored !== undefined;
};

const firstPrice = (symbol: Ticker, place: number): KnownPrice => ({
  symbol,
  place,
  reference: undefined,
  quote: undefined,
});

const loadStored = async (
  telemetry: Pick<Telemetry, "loadQuotes">,
  shard: number,
): Promise<readonly ValidQuote[] | undefined> => {
  try {
    return await telemetry.loadQuotes(shard);
  } catch (error) {
    if (error instanceof RetryableError) return undefined;
    throw error;
  }
};

/** What validation made of an answer. */
export type ValidatedShard = {
  readonly quotes: readonly ValidQuote[];
  readonly polled: number;
  readonly missing: number;
  /** Quotes that an entry may rest on. */
  readonly confirmed: number;
  /** Counted under the first reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** One symbol for each reason, for the log. */
  readonly samples: Readonly<Record<string, string>>;
  /** How often a vendor said something else than those who agree. */
  readonly odd: Readonly<Partial<Record<VendorName, number>>>;
  readonly newestAtMs: number | undefined;
};

/** Validates every symbol against its reference and the other vendors, and remembers what holds. */
export const validateShard = (
  memory: ShardMemory,
  answer: SnapshotAnswer,
  nowMs: number,
  policy: ValidationPolicy,
): ValidatedShard => {
  const quotes: ValidQuote[] = [];
  const rejected: Record<string, number> = {};
  const samples: Record<string, string> = {};
  const odd: Partial<Record<VendorName, number>> = {};
  const witnesses = witnessesOf(answer);
  let known: KnownPrice | undefined;
  let newestAtMs: number | undefined;
  let confirmed = 0;
  const reject = (reason: string, symbol: Ticker): void => {
    rejected[reason] = (rejected[reason] ?? 0) + 1;
    samples[reason] ??= symbol;
  };
  for (const { symbol } of answer.unreadable ?? []) reject("unreadable", symbol);
  for (const { symbol, fault } of answer.failed ?? []) reject(fault.class, symbol);
  for (const snapshot of answer.snapshots) {
    const { symbol } = snapshot;
    known = findInOrder(memory.prices, symbol, known, firstPrice);
    const { reference } = known;
    const verdict = validateSnapshot(snapshot, reference, nowMs, policy, witnesses?.get(symbol));
    known.reference = verdict.reference ?? reference;
    if (!verdict.accepted) {
      reject(verdict.reasons[0] ?? "unknown", symbol);
      continue;
    }
    const { quote } = verdict;
    quotes.push(quote);
    if (isConfirmed(quote)) confirmed++;
    // Mostly there is none, and then nothing is gone through.
    if (verdict.odd.length > 0) countOdd(odd, verdict.odd);
    const before = known.quote;
    if (before === undefined || before.exchangeTimeMs <= quote.exchangeTimeMs) known.quote = quote;
    if (newestAtMs === undefined || quote.exchangeTimeMs > newestAtMs) {
      newestAtMs = quote.exchangeTimeMs;
    }
  }
  const missing = answer.missing.length;
  const unread = (answer.unreadable?.length ?? 0) + (answer.failed?.length ?? 0);
  const polled = answer.snapshots.length + missing + unread;
  return { quotes, polled, missing, confirmed, rejected, samples, odd, newestAtMs };
};

const countOdd = (
  odd: Partial<Record<VendorName, number>>,
  vendors: readonly VendorName[],
): void => {
  for (const vendor of vendors) odd[vendor] = (odd[vendor] ?? 0) + 1;
};

const witnessesOf = ({
  witnesses,
}: SnapshotAnswer): ReadonlyMap<Ticker, NonNullable<SnapshotAnswer["witnesses"]>> | undefined =>
  witnesses === undefined || witnesses.length === 0
    ? undefined
    : Map.groupBy(witnesses, ({ symbol }) => symbol);
