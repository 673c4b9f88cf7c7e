import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../shared/adapters/host/file-errors.ts";
import { parseSessionDate, type SessionDate } from "../../shared/domain/market/session-date.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../shared/domain/result.ts";
import { parseQuoteFile, parseTradeFile } from "./parse-recorded-file.ts";
import type { ParsedRows } from "./parse-rows.ts";
import type {
  RecordedDays,
  RecordedDaysError,
  RecordedSymbolDay,
  RowRejection,
} from "./recorded-day.ts";
import { unzipSingleEntry } from "./unzip-single-entry.ts";

const FILE = /^(\d{4})(\d\d)(\d\d)_(trade|quote)\.zip$/;

/** The two files of one symbol and day. */
type DayFiles = {
  readonly symbol: Ticker;
  readonly date: SessionDate;
  readonly directory: string;
  readonly hasTrades: boolean;
  readonly hasQuotes: boolean;
};

/**
 * Reads every recorded day below `directory`, laid out as `<symbol>/<yyyymmdd>_trade.zip` and
 * `_quote.zip`, for all symbols found or those asked for. One bad file refuses the whole; a bad
 * row is counted and skipped.
 */
export const readRecordedDays = (
  directory: string,
  options: { readonly symbols?: readonly Ticker[] } = {},
): Result<RecordedDays, RecordedDaysError> => {
  const listed = listDayFiles(directory, options.symbols);
  if (!listed.ok) return listed;
  const days = new Map<SessionDate, Map<Ticker, RecordedSymbolDay>>();
  const rejected: Record<RowRejection, number> = {
    wrongFieldCount: 0,
    notAnInteger: 0,
    timeOutsideDay: 0,
    timeNotIncreasing: 0,
    pricesInconsistent: 0,
  };
  let rowsRead = 0;
  const count = (parsed: ParsedRows): void => {
    rowsRead += parsed.rowsRead;
    for (const [reason, times] of parsed.rejected) rejected[reason] += times;
  };
  for (const files of listed.value) {
    const read = readSymbolDay(files, count);
    if (!read.ok) return read;
    const day = days.get(files.date) ?? new Map<Ticker, RecordedSymbolDay>();
    days.set(files.date, day.set(files.symbol, read.value));
  }
  return ok({
    symbols: [...new Set(listed.value.map(({ symbol }) => symbol))].toSorted(),
    days: [...days].map(([date, symbols]) => ({ date, symbols })),
    rowsRead,
    rowsRejected: rejected,
  });
};

/** All files, in the order of days and then symbols; refuses a day that has only one of its two. */
const listDayFiles = (
  directory: string,
  wanted: readonly Ticker[] | undefined,
): Result<readonly DayFiles[], RecordedDaysError> => {
  const names = listNames(directory);
  if (!names.ok) return names;
  const files: DayFiles[] = [];
  for (const name of names.value) {
    const symbol = parseTicker(name.toUpperCase());
    const isWanted = symbol !== undefined && (wanted?.includes(symbol) ?? true);
    const folder = join(directory, name);
    if (!isWanted || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    const listed = listSymbolFiles(symbol, folder);
    if (!listed.ok) return listed;
    files.push(...listed.value);
  }
  const unknown = wanted?.find((symbol) => !files.some((file) => file.symbol === symbol));
  if (unknown !== undefined) {
    return refuse("UnknownSymbol", directory, `There are no recorded days of ${unknown}`);
  }
  if (files.length === 0) {
    return refuse("NoRecordedDays", directory, "There are no recorded days");
  }
  const halved = files.find(({ hasTrades, hasQuotes }) => !hasTrades || !hasQuotes);
  if (halved !== undefined) {
    const path = pathOf(halved, halved.hasTrades ? "quote" : "trade");
    return refuse("FileMissing", path, "A recorded file is missing");
  }
  return ok(files.toSorted(byDayThenSymbol));
};

const byDayThenSymbol = (left: DayFiles, right: DayFiles): number => {
  if (left.date !== right.date) return left.date < right.date ? -1 : 1;
  return left.symbol < right.symbol ? -1 : 1;
};

const listNames = (directory: string): Result<readonly string[], RecordedDaysError> => {
  try {
    return ok(readdirSync(directory));
  } catch (cause) {
    return refuse("DirectoryUnreadable", directory, whyUnreadable(cause));
  }
};

const whyUnreadable = (cause: unknown): string => {
  const code = codeOf(cause);
  if (code === "ENOENT") return "There is no such directory of recorded days";
  if (code === "ENOTDIR") return "This is a file, and recorded days are a directory";
  return `The directory cannot be read${why(cause)}`;
};

const listSymbolFiles = (
  symbol: Ticker,
  directory: string,
): Result<readonly DayFiles[], RecordedDaysError> => {
  const names = listNames(directory);
  if (!names.ok) return names;
  const days = new Map<SessionDate, DayFiles>();
  for (const name of names.value) {
    const match = FILE.exec(name);
    const date = match && parseSessionDate(`${match[1]}-${match[2]}-${match[3]}`);
    if (match === null || !date) continue;
    const known = days.get(date);
    days.set(date, {
      symbol,
      date,
      directory,
      hasTrades: match[4] === "trade" || known?.hasTrades === true,
      hasQuotes: match[4] === "quote" || known?.hasQuotes === true,
    });
  }
  return ok([...days.values()]);
};

const readSymbolDay = (
  files: DayFiles,
  count: (parsed: ParsedRows) => void,
): Result<RecordedSymbolDay, RecordedDaysError> => {
  const quoteBytes = readZip(pathOf(files, "quote"));
  if (!quoteBytes.ok) return quoteBytes;
  const tradeBytes = readZip(pathOf(files, "trade"));
  if (!tradeBytes.ok) return tradeBytes;
  const { symbol, date } = files;
  const quotes = parseQuoteFile(quoteBytes.value, symbol, date);
  const trades = parseTradeFile(tradeBytes.value, symbol, date);
  count(quotes.parsed);
  count(trades.parsed);
  if (quotes.rows.count === 0) {
    return refuse("NoRows", pathOf(files, "quote"), "A recorded file holds no usable row");
  }
  return ok({ symbol, date, quotes: quotes.rows, trades: trades.rows });
};

const readZip = (path: string): Result<Uint8Array, RecordedDaysError> => {
  let archive: Uint8Array;
  try {
    archive = readFileSync(path);
  } catch (cause) {
    return refuse("FileUnreadable", path, `A recorded file cannot be read${why(cause)}`);
  }
  const unzipped = unzipSingleEntry(archive);
  if (unzipped.ok) return unzipped;
  switch (unzipped.error) {
    case "NotAZip":
      return refuse("NotAZip", path, "A recorded file is not a zip archive");
    case "TruncatedZip":
      return refuse("TruncatedZip", path, "A recorded file is truncated or damaged");
  }
};

const pathOf = (files: DayFiles, kind: "trade" | "quote"): string =>
  join(files.directory, `${files.date.replaceAll("-", "")}_${kind}.zip`);

const refuse = (
  type: RecordedDaysError["type"],
  path: string,
  what: string,
): { readonly ok: false; readonly error: RecordedDaysError } =>
  err({ type, path, sentence: `${what}: ${path}.` });

const why = (cause: unknown): string => {
  const code = codeOf(cause);
  return code === undefined ? "" : ` (${code})`;
};
