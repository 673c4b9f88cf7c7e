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
  const names = symbols.map(wireNameOf);
  const placeOf = createPlaces(names);
  const readings: (Snapshot | WireProblem | undefined)[] = symbols.map(() => undefined);
  let isNameless = false;
  let next = 0;
  for (const element of elements) {
    const name = isRecord(element) ? element["ticker"] : undefined;
    if (!isRecord(element) || typeof name !== "string") {
      isNameless = true;
      continue;
    }
    // Vendors mostly answer in the order of the question: then nothing is looked up.
    const place = name === names[next] ? next : placeOf(name.toUpperCase());
    const symbol = place === undefined ? undefined : symbols[place];
    if (place === undefined || symbol === undefined) continue;
    next = place + 1;
    readings[place] = readings[place] === undefined ? read(symbol, element) : TWICE;
  }
  return sortReadings(symbols, readings, isNameless);
};

/** Where a name stands among those that were asked for; the places are listed when first needed. */
const createPlaces = (names: readonly string[]): ((name: string) => number | undefined) => {
  let places: ReadonlyMap<string, number> | undefined;
  return (name) => {
    places ??= new Map(names.map((each, place) => [each, place]));
    return places.get(name);
  };
};

const sortReadings = (
  symbols: readonly Ticker[],
  readings: readonly (Snapshot | WireProblem | undefined)[],
  isNameless: boolean,
): ChunkAnswer => {
  const snapshots: Snapshot[] = [];
  const missing: Ticker[] = [];
  const unreadable: UnreadableSnapshot[] = [];
  for (const [place, symbol] of symbols.entries()) {
    const reading = readings[place] ?? (isNameless ? NAMELESS : undefined);
    if (reading === undefined) missing.push(symbol);
    else if (typeof reading === "string") unreadable.push({ symbol, reason: reading });
    else snapshots.push(reading);
  }
  return { snapshots, missing, unreadable };
};
