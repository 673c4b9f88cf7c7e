import type { Snapshot } from "../../domain/market/quote.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { UnreadableSnapshot } from "../../ports/market-data.ts";
import { isRecord, type WireProblem, type WireRecord } from "../http/wire-fields.ts";
import type { ChunkAnswer } from "./fetch-chunks.ts";

/** Reads one element of a vendor's list; a problem is text. */
type ReadElement = (symbol: Ticker, element: WireRecord) => Snapshot | WireProblem;

const NAMELESS: WireProblem = "an element of the list has no readable ticker";
const TWICE: WireProblem = "ticker: is in the list twice";

/**
 * Sorts the elements of a list by their `ticker`, which the vendor writes as `wireNameOf` says.
 * Where an element has no name, a symbol that was not found may be that one: it is unreadable and
 * not missing. A symbol that is there twice has no price, because nothing says which one counts.
 */
export const readList = (
  symbols: readonly Ticker[],
  elements: readonly unknown[],
  wireNameOf: (symbol: Ticker) => string,
  read: ReadElement,
): ChunkAnswer => {
  const asked = new Map(symbols.map((symbol) => [wireNameOf(symbol), symbol]));
  const readings = new Map<Ticker, Snapshot | WireProblem>();
  let isNameless = false;
  for (const element of elements) {
    const name = isRecord(element) ? element["ticker"] : undefined;
    if (!isRecord(element) || typeof name !== "string") {
      isNameless = true;
      continue;
    }
    const symbol = asked.get(name.toUpperCase());
    if (symbol === undefined) continue;
    readings.set(symbol, readings.has(symbol) ? TWICE : read(symbol, element));
  }
  return sortReadings(symbols, readings, isNameless);
};

const sortReadings = (
  symbols: readonly Ticker[],
  readings: ReadonlyMap<Ticker, Snapshot | WireProblem>,
  isNameless: boolean,
): ChunkAnswer => {
  const snapshots: Snapshot[] = [];
  const missing: Ticker[] = [];
  const unreadable: UnreadableSnapshot[] = [];
  for (const symbol of symbols) {
    const reading = readings.get(symbol) ?? (isNameless ? NAMELESS : undefined);
    if (reading === undefined) missing.push(symbol);
    else if (typeof reading === "string") unreadable.push({ symbol, reason: reading });
    else snapshots.push(reading);
  }
  return { snapshots, missing, unreadable };
};
