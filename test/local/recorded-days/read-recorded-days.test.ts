import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRecordedDays } from "../../../local/recorded-days/read-recorded-days.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";

const RECORDED = "../shared/data/recorded";

const ticker = (text: string): Ticker => parseTicker(text)!;

const QUOTE_ROW = "34200000,1000000,1000100,999900,1000000,300,1000200,1000300,1000100,1000200,500";
const TRADE_ROW = "34200000,1000000,1000200,999900,1000100,1200";

describe("readRecordedDays", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "recorded-days-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const write = (symbol: string, name: string, content: string | Uint8Array): string => {
    mkdirSync(join(directory, symbol), { recursive: true });
    const path = join(directory, symbol, name);
    const bytes = typeof content === "string" ? zipSync({ "rows.csv": strToU8(content) }) : content;
    writeFileSync(path, bytes);
    return path;
  };
  const writeDay = (symbol: string, day: string, quotes = QUOTE_ROW, trades = TRADE_ROW): void => {
    write(symbol, `${day}_quote.zip`, quotes);
    write(symbol, `${day}_trade.zip`, trades);
  };

  it("reads quotes and trades at New York's time in daylight and in standard time", () => {
    writeDay("spy", "20131007");
    writeDay("spy", "20131104");
    const read = readRecordedDays(directory);
    if (!read.ok) throw new Error(read.error.sentence);
    const starts = read.value.days.map(({ symbols }) =>
      symbols.get(ticker("SPY"))?.quotes.startsAtMs(0),
    );
    expect(starts).toEqual([Date.UTC(2013, 9, 7, 13, 30), Date.UTC(2013, 10, 4, 14, 30)]);
    expect(read.value.days[0]?.symbols.get(ticker("SPY"))?.trades.at(0)).toMatchObject({
      symbol: "SPY",
      open: 1_000_000,
      high: 1_000_200,
      low: 999_900,
      close: 1_000_100,
      volume: 1_200,
    });
  });

  it("returns every well-formed row, whatever its numbers", () => {
    const row = fc.tuple(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.nat(100_000),
      fc.nat(1_000_000),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const lines = rows.map(
          ([low, range, volume], index) =>
            `${index * 60_000},${low},${low + range},${low},${low + range},${volume}`,
        );
        writeDay("spy", "20131007", QUOTE_ROW, lines.join("\r\n"));
        const read = readRecordedDays(directory);
        if (!read.ok) throw new Error(read.error.sentence);
        const trades = read.value.days[0]?.symbols.get(ticker("SPY"))?.trades;
        expect(trades?.count).toBe(rows.length);
        for (const [index, [low, range, volume]] of rows.entries()) {
          expect(trades?.at(index)).toMatchObject({ low, high: low + range, volume });
        }
      }),
      { numRuns: 30 },
    );
  });

  it("counts and skips a bad row by its reason, and keeps the others", () => {
    const later = TRADE_ROW.replace("34200000", "34260000");
    const rows = [
      TRADE_ROW,
      "34200000,1000000,1000200,999900,1000100,1200",
      "34260000,1000000,1000200",
      "34260000,1000000,x,999900,1000100,1200",
      "34260000,-1000000,1000200,999900,1000100,1200",
      "86400000,1000000,1000200,999900,1000100,1200",
      "34260000,1000000,999000,999900,1000100,1200",
      "",
      later,
    ];
    writeDay("spy", "20131007", QUOTE_ROW, rows.join("\n"));
    const read = readRecordedDays(directory);
    if (!read.ok) throw new Error(read.error.sentence);
    expect(read.value.rowsRejected).toEqual({
      wrongFieldCount: 1,
      notAnInteger: 2,
      timeOutsideDay: 1,
      timeNotIncreasing: 1,
      pricesInconsistent: 1,
    });
    expect(read.value.days[0]?.symbols.get(ticker("SPY"))?.trades.count).toBe(2);
    expect(read.value.rowsRead).toBe(9);
  });

  it("reads only the symbols that are asked for", () => {
    writeDay("spy", "20131007");
    writeDay("ibm", "20131007");
    const read = readRecordedDays(directory, { symbols: [ticker("IBM")] });
    expect(read.ok && read.value.symbols).toEqual(["IBM"]);
  });

  it("refuses a directory that does not exist", () => {
    const path = join(directory, "nowhere");
    expect(readRecordedDays(path)).toMatchObject({
      ok: false,
      error: { type: "DirectoryUnreadable", path },
    });
  });

  it("refuses a directory without recorded days", () => {
    expect(readRecordedDays(directory)).toMatchObject({
      ok: false,
      error: { type: "NoRecordedDays", path: directory },
    });
  });

  it("refuses a symbol that is not recorded, and names it", () => {
    writeDay("spy", "20131007");
    mkdirSync(join(directory, "aapl"));
    const read = readRecordedDays(directory, { symbols: [ticker("AAPL")] });
    expect(read).toMatchObject({ ok: false, error: { type: "UnknownSymbol" } });
    expect(!read.ok && read.error.sentence).toContain("AAPL");
  });

  it("refuses a day that has trades but no quotes, and names the missing file", () => {
    writeDay("spy", "20131007");
    write("spy", "20131008_trade.zip", TRADE_ROW);
    expect(readRecordedDays(directory)).toMatchObject({
      ok: false,
      error: { type: "FileMissing", path: join(directory, "spy", "20131008_quote.zip") },
    });
  });

  it("refuses a file that is not a zip archive", () => {
    writeDay("spy", "20131007");
    const path = write("spy", "20131007_quote.zip", strToU8("this is no archive"));
    expect(readRecordedDays(directory)).toMatchObject({
      ok: false,
      error: { type: "NotAZip", path },
    });
  });

  it("refuses an archive that is cut anywhere or has one byte changed in its content", () => {
    writeDay("spy", "20131007");
    const archive = zipSync({ "rows.csv": strToU8(TRADE_ROW.repeat(3)) });
    fc.assert(
      fc.property(fc.integer({ min: 4, max: archive.length - 1 }), (length) => {
        write("spy", "20131007_trade.zip", archive.slice(0, length));
        expect(readRecordedDays(directory)).toMatchObject({
          ok: false,
          error: { type: "TruncatedZip" },
        });
      }),
      { numRuns: 30 },
    );
    const damaged = Uint8Array.from(archive);
    const at = 30 + "rows.csv".length + 3;
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    write("spy", "20131007_trade.zip", damaged);
    expect(readRecordedDays(directory).ok).toBe(false);
  });

  it.skipIf(!existsSync(RECORDED))(
    "reads the recorded days in ../shared/data where they are present",
    () => {
      const read = readRecordedDays(RECORDED);
      if (!read.ok) throw new Error(read.error.sentence);
      expect(read.value.days).toHaveLength(5);
      expect(read.value.symbols).toEqual(["AIG", "BAC", "IBM", "SPY"]);
      expect(Object.values(read.value.rowsRejected).every((times) => times === 0)).toBe(true);
      const quotes = read.value.days[0]?.symbols.get(ticker("SPY"))?.quotes;
      expect(quotes?.at(0)).toMatchObject({ ask: 1_672_700 });
    },
  );
});
