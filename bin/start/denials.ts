import type { WorldEvent } from "../../local/world/world-event.ts";
import type { Timers } from "../../shared/ports/timers.ts";

type Denied = Extract<WorldEvent, { readonly type: "orderDenied" }>;

/** Denials come in swarms; they are told together, a line for all of a while. */
export type Denials = {
  readonly note: (denied: Denied) => void;
  /** Tells what is left. */
  readonly flush: () => void;
};

const GATHERING_MS = 1_500;
const SYMBOLS_SHOWN = 6;

/** Gathers denials for a moment and hands on one sentence for each set of reasons. */
export const createDenials = (timers: Timers, print: (sentence: string) => void): Denials => {
  let gathered = new Map<string, Set<string>>();
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    for (const [reasons, symbols] of gathered) print(sentenceOf(reasons, [...symbols]));
    gathered = new Map();
  };
  return {
    note: ({ symbol, reasons }) => {
      const key = reasons.join(", ");
      gathered.set(key, (gathered.get(key) ?? new Set()).add(symbol));
      cancel ??= timers.after(GATHERING_MS, flush);
    },
    flush,
  };
};

const sentenceOf = (reasons: string, symbols: readonly string[]): string => {
  const shown = symbols.slice(0, SYMBOLS_SHOWN).join(" ");
  const more = symbols.length > SYMBOLS_SHOWN ? ` and ${symbols.length - SYMBOLS_SHOWN} more` : "";
  return `         denied  ${shown}${more}: ${reasons}`;
};
