import type { ControlCell } from "./control-cell.ts";

/** What the stores take of one document, with its seal. */
const CELL_BYTES_MAX = 350_000;
/** The seal around the cell: schema number, digest, names. */
const SEAL_BYTES = 200;

/**
 * Symbols in a cell beyond which no entry opens another one. With these and as many claims as the
 * limits ever allow, exits among them, a cell still fits: what is closed can always be recorded.
 */
export const HOLDINGS_MAX = 1_200;

/** Above this share of the bound health is degraded, so that a person looks while there is room. */
export const CELL_SHARE_MAX = 0.7;

/** How much of the bound the stored cell takes, 0 to 1 and beyond. */
export const cellShareOf = (cell: ControlCell): number =>
  (JSON.stringify(cell).length + SEAL_BYTES) / CELL_BYTES_MAX;
