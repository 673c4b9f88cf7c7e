import type { RecordedRows } from "../recorded-days/recorded-rows.ts";
import { numberAt, STARTS_AT } from "../recorded-days/row-numbers.ts";

/** The rows of one kind and one day, of all symbols, in the order in which they become known. */
export type DayRows = {
  /** In which the first row becomes known, counted from 1970; Infinity where there is none. */
  readonly firstMinute: number;
  /** The first row that becomes known in a minute or later; the number of rows if none does. */
  readonly firstOf: (minute: number) => number;
  /** The place of each row's symbol; behind the last row lies what nobody reads. */
  readonly symbols: Int32Array;
  /** The numbers of the rows, one row behind the other. */
  readonly numbers: Float64Array;
};

/** One symbol's rows of the day; none is told before `heldUntilMs`, epoch ms. */
type SymbolRows = {
  readonly rows: RecordedRows<unknown> | undefined;
  readonly heldUntilMs: number;
};

const MS_PER_MINUTE = 60_000;

/**
 * Lays the rows of all symbols, of `width` numbers each, one behind the other, by the minute in
 * which they become known and then by symbol: a replay reads each minute as it lies there, instead
 * of looking into the lists of every symbol. A row becomes known when its own minute is over. Where
 * they have room, they are written over those of the day before, whose memory is at hand.
 */
export const layOut = (
  bySymbol: readonly SymbolRows[],
  width: number,
  before: Pick<DayRows, "symbols" | "numbers"> | undefined,
): DayRows => {
  const { firstMinute, starts } = countByMinute(bySymbol, width);
  const total = starts.at(-1) ?? 0;
  const hasRoom = before !== undefined && before.symbols.length >= total;
  const numbers = hasRoom ? before.numbers : new Float64Array(total * width);
  const symbols = hasRoom ? before.symbols : new Int32Array(total);
  const next = starts.slice();
  for (const [symbol, each] of bySymbol.entries()) {
    const from = numbersOf(each);
    for (let at = 0; at < from.length; at += width) {
      const minute = knownMinute(numberAt(from, at + STARTS_AT), each.heldUntilMs) - firstMinute;
      const place = next[minute] ?? 0;
      next[minute] = place + 1;
      symbols[place] = symbol;
      const to = place * width;
      for (let index = 0; index < width; index++) numbers[to + index] = numberAt(from, at + index);
    }
  }
  return {
    firstMinute,
    firstOf: (minute) => (minute < firstMinute ? 0 : (starts[minute - firstMinute] ?? total)),
    symbols,
    numbers,
  };
};

/** How many rows become known before each minute; the last number is that of all. */
const countByMinute = (
  bySymbol: readonly SymbolRows[],
  width: number,
): { readonly firstMinute: number; readonly starts: Int32Array } => {
  let firstMinute = Infinity;
  let lastMinute = -Infinity;
  for (const each of bySymbol) {
    const from = numbersOf(each);
    if (from.length === 0) continue;
    // Rows stand in the order of time.
    const newest = from.length - width + STARTS_AT;
    firstMinute = Math.min(firstMinute, knownMinute(numberAt(from, STARTS_AT), each.heldUntilMs));
    lastMinute = Math.max(lastMinute, knownMinute(numberAt(from, newest), each.heldUntilMs));
  }
  if (firstMinute > lastMinute) return { firstMinute: Infinity, starts: new Int32Array(1) };
  const starts = new Int32Array(lastMinute - firstMinute + 2);
  for (const each of bySymbol) {
    const from = numbersOf(each);
    for (let at = 0; at < from.length; at += width) {
      const minute = knownMinute(numberAt(from, at + STARTS_AT), each.heldUntilMs) - firstMinute;
      starts[minute + 1] = (starts[minute + 1] ?? 0) + 1;
    }
  }
  for (let minute = 1; minute < starts.length; minute++) {
    starts[minute] = (starts[minute] ?? 0) + (starts[minute - 1] ?? 0);
  }
  return { firstMinute, starts };
};

/** A symbol whose rows are held for ever has none. */
const numbersOf = ({ rows, heldUntilMs }: SymbolRows): Float64Array =>
  rows === undefined || heldUntilMs === Infinity ? NO_NUMBERS : rows.numbers;

const NO_NUMBERS = new Float64Array(0);

const knownMinute = (startsAtMs: number, heldUntilMs: number): number =>
  Math.ceil(Math.max(startsAtMs, heldUntilMs) / MS_PER_MINUTE) + 1;
