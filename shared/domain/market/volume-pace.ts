import type { Bar, Snapshot } from "./quote.ts";
import type { Ticker } from "./ticker.ts";

/** How much each symbol trades a minute, as far as its minute bars were seen. */
export type VolumePace = ReadonlyMap<Ticker, SymbolPace>;

type SymbolPace = {
  /** The start of the newest bar that counts, epoch ms. */
  readonly startsAtMs: number;
  /** Shares a minute: a mean in which older bars fade. */
  readonly usual: number;
  /** Bars that the mean rests on, at most `BARS_USUAL`. */
  readonly bars: number;
};

/** The pace before any bar was seen. */
export const NO_PACE: VolumePace = new Map();

/** Bars after which a symbol's usual volume is known, and over which older ones fade. */
const BARS_MIN = 10;
const BARS_USUAL = 30;
/** How far the vendor's clock may be ahead of ours. */
const AHEAD_MAX_MS = 60_000;

/** How the market's newest minute compares with what is usual. */
export type PaceStep = {
  readonly pace: VolumePace;
  /** The median over symbols of volume by usual volume; `undefined` while too little is known. */
  readonly ratio: number | undefined;
};

/**
 * Takes the minute bars of an answer into account (E2: a spike of volume). Each bar counts once;
 * the median over at least half of the symbols speaks for the market, so that one busy symbol does
 * not.
 */
export const afterVolumes = (pace: VolumePace, snapshots: readonly Snapshot[]): PaceStep => {
  const next = new Map(pace);
  const ratios: number[] = [];
  for (const { symbol, minuteBar, receivedAtMs } of snapshots) {
    if (minuteBar === undefined || !(minuteBar.volume >= 0)) continue;
    // Taken for the newest, it would keep every bar after it out.
    if (minuteBar.startsAtMs > receivedAtMs + AHEAD_MAX_MS) continue;
    const known = next.get(symbol);
    if (known !== undefined && known.startsAtMs >= minuteBar.startsAtMs) continue;
    if (known !== undefined && known.bars >= BARS_MIN && known.usual > 0) {
      ratios.push(minuteBar.volume / known.usual);
    }
    next.set(symbol, withBar(known, minuteBar));
  }
  const isKnown = ratios.length > 0 && ratios.length * 2 >= snapshots.length;
  return { pace: next, ratio: isKnown ? medianOf(ratios) : undefined };
};

const withBar = (known: SymbolPace | undefined, { startsAtMs, volume }: Bar): SymbolPace => {
  const bars = Math.min(BARS_USUAL, (known?.bars ?? 0) + 1);
  const usual = known?.usual ?? 0;
  return { startsAtMs, bars, usual: usual + (volume - usual) / bars };
};

const medianOf = (values: readonly number[]): number | undefined =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
