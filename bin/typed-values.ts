import { parseTicker, type Ticker } from "../shared/domain/market/ticker.ts";
import { usageFault } from "./verb.ts";

/** What was typed behind an option; a flag alone, or nothing, is no value. */
type Typed = string | boolean | undefined;

/** The greatest seed there is: 32 bits. */
export const SEED_MAX = 2 ** 32 - 1;

/** The number behind an option. Throws a usage fault for one outside its bounds. */
export const readNumber = (
  name: string,
  typed: Typed,
  { min, max, or = "" }: { readonly min: number; readonly max: number; readonly or?: string },
): number => {
  const number = typeof typed === "string" && /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : NaN;
  if (number >= min && number <= max) return number;
  throw usageFault(`${name} takes ${or}a number from ${min} to ${max}, not ${shown(typed)}.`);
};

/** The whole number from 0 behind an option. Throws a usage fault for any other. */
export const readWhole = (name: string, typed: Typed, max: number): number => {
  const number = typeof typed === "string" && /^\d{1,12}$/.test(typed) ? Number(typed) : NaN;
  if (number <= max) return number;
  throw usageFault(`${name} takes a whole number from 0 to ${max}, not ${shown(typed)}.`);
};

/** The symbols behind `--symbols`, each once. Throws a usage fault for what is none. */
export const readSymbols = (typed: string): readonly Ticker[] => {
  const symbols = typed.split(",").map((word) => {
    const symbol = parseTicker(word.trim().toUpperCase());
    if (symbol !== undefined) return symbol;
    throw usageFault(`--symbols takes symbols such as AAPL,MSFT; "${shown(word.trim())}" is none.`);
  });
  return [...new Set(symbols)];
};

const shown = (typed: Typed): string => String(typed).slice(0, 40);
