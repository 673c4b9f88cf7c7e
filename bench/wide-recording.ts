import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import type { Random } from "../shared/ports/random.ts";

/** What a made recording holds. */
export type RecordingShape = {
  /** At most 676: symbols are `WAA`, `WAB` and so on. */
  readonly symbols: number;
  /** Sessions as `yyyymmdd`. */
  readonly days: readonly string[];
  /** The first and the last minute of each day, counted from midnight in New York. */
  readonly firstMinute: number;
  readonly lastMinute: number;
  /** How much is recorded outside the regular session; without it every minute is. */
  readonly outside?: OutsideShape;
  readonly seed: number;
  /** Rows that stand at the end of each quote file. */
  readonly badRows?: readonly string[];
};

/**
 * Shares, 0 to 1: of the minutes outside the session that have a quote, and of those with trades.
 */
type OutsideShape = { readonly quoteShare: number; readonly tradeShare: number };

const MS_PER_MINUTE = 60_000;
const CENT = 100;
/** The regular session, in minutes from midnight in New York. */
const OPENS_MINUTE = 9 * 60 + 30;
const CLOSES_MINUTE = 16 * 60;

/** Writes a recording below `directory` and returns how many quote rows it holds. */
export const writeWideRecording = (directory: string, shape: RecordingShape): number => {
  const random = createSeededRandom(shape.seed);
  let rows = 0;
  for (let index = 0; index < shape.symbols; index++) {
    const folder = join(directory, symbolAt(index));
    mkdirSync(folder, { recursive: true });
    let cents = 2_000 + Math.floor(random.next() * 18_000);
    for (const day of shape.days) {
      const made = makeDay(shape, random, cents);
      ({ cents } = made);
      rows += made.quotes.length;
      writeZip(folder, day, "quote", [...made.quotes, ...(shape.badRows ?? [])]);
      writeZip(folder, day, "trade", made.trades);
    }
  }
  return rows;
};

const symbolAt = (index: number): string =>
  `w${String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))}`;

/** A walk of cents with a spread of one to four; a bad tick now and then, as recordings have. */
const makeDay = (
  { firstMinute, lastMinute, outside }: RecordingShape,
  random: Random,
  startCents: number,
): { readonly quotes: string[]; readonly trades: string[]; readonly cents: number } => {
  const quotes: string[] = [];
  const trades: string[] = [];
  let cents = startCents;
  for (let minute = firstMinute; minute <= lastMinute; minute++) {
    const isOutside = minute < OPENS_MINUTE || minute >= CLOSES_MINUTE;
    const quiet = isOutside ? outside : undefined;
    if (quiet !== undefined && random.next() >= quiet.quoteShare) continue;
    const open = cents;
    cents = Math.max(500, cents + Math.round((random.next() - 0.5) * cents * 0.002));
    const high = Math.max(open, cents) + 1;
    const low = Math.min(open, cents) - 1;
    const spread = 1 + Math.floor(random.next() * 4);
    const isBad = random.next() < 0.002;
    const bid = [open, high, low, cents].map((price) => (isBad ? 0 : price * CENT));
    const ask = [open, high, low, cents].map((price) => (price + spread) * CENT);
    const atMs = minute * MS_PER_MINUTE;
    const size = 100 + Math.floor(random.next() * 900);
    quotes.push([atMs, ...bid, size, ...ask, size].join(","));
    if (quiet !== undefined && random.next() >= quiet.tradeShare) continue;
    trades.push([atMs, ...[open, high, low, cents].map((each) => each * CENT), size].join(","));
  }
  return { quotes, trades, cents };
};

const writeZip = (
  folder: string,
  day: string,
  kind: "quote" | "trade",
  rows: readonly string[],
): void => {
  const name = `${day}_minute_${kind}.csv`;
  const archive = zipSync({ [name]: strToU8(`${rows.join("\n")}\n`) }, { level: 1 });
  writeFileSync(join(folder, `${day}_${kind}.zip`), archive);
};
