import { listOf } from "../listed-record.ts";
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
  const bytes =
    JSON.stringify({ ...rest, holdings: {}, inFlight: {} }).length +
    entryBytes(holdings) +
    entryBytes(inFlight);
  return (bytes + SEAL_BYTES) / CELL_BYTES_MAX;
};

/** Most holdings and claims are the same from one cell to the next: each is measured once. */
const lengths = new WeakMap<Holding | Claim, number>();

/** What the entries take as JSON, with their names, the colons and the commas between them. */
const entryBytes = (entries: Readonly<Record<string, Holding | Claim>>): number => {
  let bytes = 0;
  const { names, values } = listOf(entries);
  for (const [place, entry] of values.entries()) {
    const nameLength = names[place]?.length ?? 0;
    bytes += lengthOf(entry) + nameLength + NAME_BYTES + (bytes === 0 ? 0 : 1);
  }
  return bytes;
};

const lengthOf = (entry: Holding | Claim): number => {
  const known = lengths.get(entry);
  if (known !== undefined) return known;
  const { length } = JSON.stringify(entry);
  lengths.set(entry, length);
  return length;
};
