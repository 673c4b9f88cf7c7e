import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownDayFiles } from "../../../local/recorded-days/own-days.ts";
import { readRecordedDays } from "../../../local/recorded-days/read-recorded-days.ts";
import type { Price } from "../../../shared/domain/market/price.ts";
import type { ValidQuote } from "../../../shared/domain/market/quote.ts";
import type { TickBatch } from "../../../shared/ports/tick-store.ts";
import { IBM, quoteOf } from "../../fixtures/orders.ts";

/** Half past nine in New York. */
const OPEN_MS = Date.UTC(2026, 2, 10, 13, 30);
const MINUTE_MS = 60_000;

const batch = (minute: number, quote: Partial<ValidQuote>, takenAfterMs = 500): TickBatch => {
  const slotMs = OPEN_MS + minute * MINUTE_MS;
  return {
    shard: 0,
    slotMs,
    takenAtMs: slotMs + takenAfterMs,
    quotes: [{ ...quoteOf(), ...quote }],
  };
};

describe("own days as a recording", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "own-days-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const writeAndRead = (batches: readonly TickBatch[]) => {
    for (const { path, bytes } of ownDayFiles(batches)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
    }
    const read = readRecordedDays(directory);
    if (!read.ok) throw new Error(read.error.sentence);
    return read.value;
  };

  it("are read back as they were polled, none of them refused", () => {
    const polled = fc.uniqueArray(
      fc.record({
        minute: fc.nat(389),
        bid: fc.integer({ min: 10_000, max: 5_000_000 }),
        spread: fc.integer({ min: 1, max: 1_000 }),
        size: fc.nat(10_000),
      }),
      { selector: ({ minute }) => minute, minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(polled, (minutes) => {
        const batches = minutes.map(({ minute, bid, spread, size }) =>
          batch(minute, {
            bid: bid as Price,
            ask: (bid + spread) as Price,
            mid: bid as Price,
            last: bid as Price,
            bidSize: size,
          }),
        );
        const { days, rowsRejected } = writeAndRead(batches);
        expect(Object.values(rowsRejected).every((count) => count === 0)).toBe(true);
        const day = days[0]?.symbols.get(IBM);
        const sorted = minutes.toSorted((left, right) => left.minute - right.minute);
        for (const [index, { minute, bid, spread, size }] of sorted.entries()) {
          expect(day?.quotes.startsAtMs(index)).toBe(OPEN_MS + minute * MINUTE_MS);
          expect(day?.quotes.at(index)).toMatchObject({ bid, ask: bid + spread, bidSize: size });
          expect(day?.trades.at(index)).toMatchObject({ open: bid, close: bid });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("have the volume that a minute added, and of two polls of a minute the last", () => {
    const last = quoteOf().mid;
    const { days } = writeAndRead([
      batch(0, { volume: 1_000, last }),
      batch(1, { volume: 1_700, last }),
      batch(1, { volume: 1_800, last }, 900),
      batch(2, { volume: undefined, last }),
    ]);
    const trades = days[0]?.symbols.get(IBM)?.trades;
    expect([0, 1, 2].map((index) => trades?.at(index)?.volume)).toEqual([1_000, 800, 0]);
  });
});
