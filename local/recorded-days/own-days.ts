import { strToU8, zipSync } from "fflate";
import { epochMsToNewYork } from "../../shared/domain/market/new-york-time.ts";
import type { ValidQuote } from "../../shared/domain/market/quote.ts";
import type { TickBatch } from "../../shared/ports/tick-store.ts";

/** One file of a recording, by its path below the recording's directory. */
export type RecordedFile = { readonly path: string; readonly bytes: Uint8Array };

/** One minute of a symbol's day, as it was polled. */
type Minute = { readonly msOfDay: number; readonly quote: ValidQuote };

/**
 * Own days in the layout that `readRecordedDays` reads: `<symbol>/<yyyymmdd>_trade.zip` and
 * `_quote.zip`, in New York's time. A poll knows one moment of its minute, which stands for the
 * whole of it; volumes are what the day's volume grew by since the poll before.
 */
export const ownDayFiles = (batches: readonly TickBatch[]): readonly RecordedFile[] => {
  const days = new Map<string, Map<number, Minute>>();
  for (const { slotMs, quotes } of batches) {
    const { date, msOfDay } = epochMsToNewYork(slotMs);
    for (const quote of quotes) {
      const name = `${quote.symbol.toLowerCase()}/${date.replaceAll("-", "")}`;
      const minutes = days.get(name) ?? new Map<number, Minute>();
      // A minute that was polled twice counts as it was polled last.
      days.set(name, minutes.set(msOfDay, { msOfDay, quote }));
    }
  }
  return [...days].flatMap(([name, minutes]) => {
    const rows = [...minutes.values()].toSorted((left, right) => left.msOfDay - right.msOfDay);
    return [
      fileOf(`${name}_quote.zip`, rows.map(quoteRow)),
      fileOf(
        `${name}_trade.zip`,
        rows.map((row, index) => tradeRow(row, rows[index - 1])),
      ),
    ];
  });
};

const quoteRow = ({ msOfDay, quote: { bid, ask, bidSize, askSize } }: Minute): string =>
  [msOfDay, ...fourOf(bid), Math.floor(bidSize), ...fourOf(ask), Math.floor(askSize)].join();

const tradeRow = ({ msOfDay, quote }: Minute, before: Minute | undefined): string => {
  const grown = (quote.volume ?? 0) - (before?.quote.volume ?? 0);
  return [msOfDay, ...fourOf(quote.last ?? quote.mid), Math.max(0, Math.floor(grown))].join();
};

/** Open, high, low and close of a minute of which one price is known. */
const fourOf = (price: number): readonly number[] => [price, price, price, price];

const fileOf = (path: string, rows: readonly string[]): RecordedFile => ({
  path,
  // Zip has no time before 1980, and a file that says the same is the same.
  bytes: zipSync(
    { "rows.csv": strToU8(rows.join("\n")) },
    { mtime: new Date(Date.UTC(1980, 0, 2)) },
  ),
});
