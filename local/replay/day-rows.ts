import type { RecordedRows } from "../recorded-days/recorded-rows.ts";

/** The rows of one kind and one day, of all symbols, in the order in which they become known. */
export type DayRows = {
  /** In which the first row becomes known, counted from 1970; Infinity where there is none. */
  readonly firstMinute: number;
  /** The first row that becomes known in a minute or later; the number of rows if none does. */
  readonly firstOf: (minute: number) => number;
  /** The place of the row's symbol. */
  readonly symbolOf: (row: number) => number;
  /** One of the row's numbers, by its place in the row. */
  readonly valueAt: (row: number, place: number) => number;
};

/** One symbol's rows of the day; none is told before `heldUntilMs`, epoch ms. */
type SymbolRows<Row> = {
  readonly rows: RecordedRows<Row> | undefined;
  readonly heldUntilMs: number;
};

const MS_PER_MINUTE = 60_000;

/**
 * Lays the rows of all symbols one behind the other, by the minute in which they become known and
 * then by symbol, as plain numbers: a replay reads each minute as it lies there, instead of looking
 * into the lists of every symbol. A row becomes known when its own minute is over.
 */
export const layOut = <Row>(
  bySymbol: readonly SymbolRows<Row>[],
  width: number,
  write: (row: Row, numbers: Float64Array, at: number) => void,
): DayRows => {
  const { firstMinute, starts } = countByMinute(bySymbol);
  const total = starts.at(-1) ?? 0;
  const numbers = new Float64Array(total * width);
  const symbols = new Int32Array(total);
  const next = starts.slice();
  for (const [symbol, each] of bySymbol.entries()) {
    eachMinute(each, (minute, index) => {
      const place = next[minute - firstMinute] ?? 0;
      const row = each.rows?.at(index);
      if (row === undefined) return;
      next[minute - firstMinute] = place + 1;
      symbols[place] = symbol;
      write(row, numbers, place * width);
    });
  }
  return {
    firstMinute,
    firstOf: (minute) => (minute < firstMinute ? 0 : (starts[minute - firstMinute] ?? total)),
    symbolOf: (row) => symbols[row] ?? -1,
    valueAt: (row, place) => numbers[row * width + place] ?? Number.NaN,
  };
};

/** How many rows become known before each minute; the last number is that of all. */
const countByMinute = (
  bySymbol: readonly SymbolRows<unknown>[],
): { readonly firstMinute: number; readonly starts: Int32Array } => {
  let firstMinute = Infinity;
  let lastMinute = -Infinity;
  for (const { rows, heldUntilMs } of bySymbol) {
    if (rows === undefined || rows.count === 0 || heldUntilMs === Infinity) continue;
    // Rows stand in the order of time.
    firstMinute = Math.min(firstMinute, knownMinute(rows.startsAtMs(0), heldUntilMs));
    lastMinute = Math.max(lastMinute, knownMinute(rows.startsAtMs(rows.count - 1), heldUntilMs));
  }
  if (firstMinute > lastMinute) return { firstMinute: Infinity, starts: new Int32Array(1) };
  const starts = new Int32Array(lastMinute - firstMinute + 2);
  for (const each of bySymbol) {
    eachMinute(each, (minute) => {
      starts[minute - firstMinute + 1] = (starts[minute - firstMinute + 1] ?? 0) + 1;
    });
  }
  for (let minute = 1; minute < starts.length; minute++) {
    starts[minute] = (starts[minute] ?? 0) + (starts[minute - 1] ?? 0);
  }
  return { firstMinute, starts };
};

/** Goes through a symbol's rows with the minute in which each becomes known. */
const eachMinute = (
  { rows, heldUntilMs }: SymbolRows<unknown>,
  tell: (minute: number, index: number) => void,
): void => {
  if (rows === undefined || heldUntilMs === Infinity) return;
  for (let index = 0; index < rows.count; index++) {
    tell(knownMinute(rows.startsAtMs(index), heldUntilMs), index);
  }
};

const knownMinute = (startsAtMs: number, heldUntilMs: number): number =>
  Math.ceil(Math.max(startsAtMs, heldUntilMs) / MS_PER_MINUTE) + 1;
