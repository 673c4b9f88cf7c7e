import { type Listed, listOf } from "../listed-record.ts";
import type { Claim, ControlCell, Holding } from "./control-cell.ts";

/** What the stores take of one document, with its seal. */
const CELL_BYTES_MAX = 350_000;
/** The seal around the cell: schema number, digest, names. */
const SEAL_BYTES = 200;
/** Two quotes and a colon: symbols and order ids hold nothing that JSON escapes. */
const NAME_BYTES = 3;

/**
 * Symbols in a cell beyond which no entry opens another one. With these and as many claims as the
 * limits ever allow, exits among them, a cell still fits: what is closed can always be recorded.
 */
export const HOLDINGS_MAX = 1_200;

/** Above this share of the bound health is degraded, so that a person looks while there is room. */
export const CELL_SHARE_MAX = 0.7;

/** How much of the bound the stored cell takes, 0 to 1 and beyond. */
export const cellShareOf = (cell: ControlCell): number => {
  const { holdings, inFlight, ...rest } = cell;
  lastHoldings = measure(holdings, lastHoldings);
  lastInFlight = measure(inFlight, lastInFlight);
  const bytes =
    JSON.stringify({ ...rest, holdings: {}, inFlight: {} }).length +
    lastHoldings.bytes +
    lastInFlight.bytes;
  return (bytes + SEAL_BYTES) / CELL_BYTES_MAX;
};

type Entry = Holding | Claim;

/** Entries with what each takes, and all of them with the commas between. */
type Measured = Listed<Entry> & {
  readonly lengths: readonly number[];
  readonly bytes: number;
};

const NOTHING_MEASURED: Measured = { names: [], values: [], lengths: [], bytes: 0 };

// Only a saving: whatever was measured last, an entry of it takes what it took.
let lastHoldings = NOTHING_MEASURED;
let lastInFlight = NOTHING_MEASURED;

/**
 * Measures entries as JSON, with their names and colons. Most are the very ones of the cell before
 * and stand in its order: both lists are gone through side by side, and what is new is measured.
 */
const measure = (entries: Readonly<Record<string, Entry>>, last: Measured): Measured => {
  const { names, values } = listOf(entries);
  const lengths: number[] = [];
  let bytes = Math.max(0, values.length - 1);
  let from = 0;
  for (let place = 0; place < values.length; place++) {
    const name = names[place];
    const at = last.values.indexOf(values[place] as Entry, from);
    const isKnown = at !== -1 && last.names[at] === name;
    if (isKnown) from = at + 1;
    const length =
      (isKnown ? last.lengths[at] : undefined) ??
      JSON.stringify(values[place]).length + (name?.length ?? 0) + NAME_BYTES;
    lengths.push(length);
    bytes += length;
  }
  return { names, values, lengths, bytes };
};
