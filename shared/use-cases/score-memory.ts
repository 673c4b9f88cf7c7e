import { listOf } from "../domain/listed-record.ts";
import type { QuotedPrice } from "../domain/market/quote.ts";
import {
  areOf,
  findInOrder,
  noSymbols,
  type SymbolsInOrder,
} from "../domain/market/symbols-in-order.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { type ControlCell, isOpen } from "../domain/risk/control-cell.ts";
import { shardOf, type Settings } from "../domain/settings.ts";
import type { BasicTrack } from "../domain/signals/basic-signal.ts";
import type { MeasuredFlow } from "../domain/signals/enrich-flow.ts";
import type { WeighedFlow } from "../domain/signals/weigh-flow.ts";
import type { MarketDataMessage } from "./market-data-message.ts";

/** What an environment remembers: it saves work, and keeps the indicators of what is held. */
export type ScoreMemory = {
  /** What is known of a symbol that was not met before. */
  readonly first: (symbol: Ticker, place: number) => SymbolMemory;
  /** At most one entry a symbol. */
  symbols: SymbolsInOrder<SymbolMemory>;
  /** What each shard's messages speak of at most: the next one mostly speaks of the same. */
  readonly shards: Map<number, QuotedSymbols>;
  /** What of it is held; a cell never changes, and every shard of a cycle asks about the same. */
  held: Held;
  /** Messages so far: each has a number of its own, even one that comes twice. */
  turns: number;
};

/** The positions of a cell. */
type Held = {
  readonly holdings: ControlCell["holdings"] | undefined;
  readonly byShard: ReadonlyMap<number, readonly SymbolMemory[]>;
};

/** The symbols of a message, each once, in its order. */
type QuotedSymbols = {
  readonly known: readonly SymbolMemory[];
  readonly symbols: readonly Ticker[];
};

/** What was last found of a symbol; changed in place, because every cycle finds it again. */
export type SymbolMemory = {
  readonly symbol: Ticker;
  /** Among all symbols, in the order in which they came first. */
  readonly place: number;
  readonly shard: number;
  measured: MeasuredFlow | undefined;
  /** Kept in place from the first score on; the scores themselves live for one message. */
  weighed: WeighedFlow | undefined;
  /** Kept up while the symbol is held. */
  basic: BasicTrack | undefined;
  /** The turn that spoke of it last, and where it stands among the quotes of that turn. */
  turn: number;
  quotedAt: number;
};

/** Symbols beyond which what was found is forgotten: more than any configuration holds. */
const SYMBOLS_MAX = 2_000;
const NOTHING_HELD: Held = { holdings: undefined, byShard: new Map() };

/** Makes the memory of an environment that has scored nothing yet. */
export const createScoreMemory = (settings: Settings): ScoreMemory => ({
  first: (symbol, place) => firstMemory(symbol, place, settings),
  symbols: noSymbols(),
  shards: new Map(),
  held: NOTHING_HELD,
  turns: 0,
});

/** Begins with a message, and returns its number; a memory that is full is empty again. */
export const startTurn = (memory: ScoreMemory): number => {
  if (memory.symbols.inOrder.length >= SYMBOLS_MAX) {
    memory.symbols = noSymbols();
    memory.shards.clear();
    memory.held = NOTHING_HELD;
  }
  return ++memory.turns;
};

/** Of a message that waited too long no quote is looked at. */
export const NOTHING_QUOTED: QuotedSymbols = { known: [], symbols: [] };

/** The newest quote of each symbol, and those symbols as the first to decide about. */
type Newest = { readonly quoted: QuotedSymbols; readonly quotes: readonly QuotedPrice[] };

/** Finds the newest quote of each symbol of a message. */
export const newestOf = (
  { shard, quotes }: MarketDataMessage,
  memory: ScoreMemory,
  turn: number,
): Newest => {
  const before = memory.shards.get(shard) ?? NOTHING_QUOTED;
  // The symbols of before, of which each came once: nothing is put together for it.
  if (areOf(quotes, before.symbols)) {
    for (const known of before.known) known.turn = turn;
    return { quoted: before, quotes };
  }
  const known: SymbolMemory[] = [];
  const newest: QuotedPrice[] = [];
  let one: SymbolMemory | undefined;
  for (const quote of quotes) {
    one = findInOrder(memory.symbols, quote.symbol, one, memory.first);
    if (one.turn !== turn) {
      one.turn = turn;
      one.quotedAt = newest.length;
      newest.push(quote);
      known.push(one);
    } else if ((newest[one.quotedAt]?.exchangeTimeMs ?? 0) <= quote.exchangeTimeMs) {
      newest[one.quotedAt] = quote;
    }
  }
  const quoted = { known, symbols: known.map(({ symbol }) => symbol) };
  // Where a symbol is missing now and then, the fuller list stays: the next message is like it.
  if (known.length >= before.known.length) memory.shards.set(shard, quoted);
  return { quoted, quotes: newest };
};

/** Looks after what is held and no longer configured. */
const STRAYS_SHARD = 0;

/** Lists what a cell holds by shard. */
export const heldOf = (cell: ControlCell | undefined, memory: ScoreMemory): Held => {
  if (cell?.holdings === memory.held.holdings) return memory.held;
  memory.held = cell === undefined ? NOTHING_HELD : listHeld(cell.holdings, memory);
  return memory.held;
};

const listHeld = (holdings: ControlCell["holdings"], memory: ScoreMemory): Held => {
  const symbols: SymbolMemory[] = [];
  const { names, values } = listOf(holdings);
  let place = 0;
  for (const holding of values) {
    const name = names[place++];
    if (!isOpen(holding)) continue;
    // A holding's key is a symbol: the ledger reads it as one.
    symbols.push(findInOrder(memory.symbols, name as Ticker, undefined, memory.first));
  }
  return { holdings, byShard: Map.groupBy(symbols, ({ shard }) => shard) };
};

const firstMemory = (symbol: Ticker, place: number, settings: Settings): SymbolMemory => ({
  symbol,
  place,
  shard: shardOf(symbol, settings) ?? STRAYS_SHARD,
  measured: undefined,
  weighed: undefined,
  basic: undefined,
  turn: 0,
  quotedAt: 0,
});
