import { rmSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { createRecordedFeed } from "../../../local/exchange/prices/recorded-feed.ts";
import { createRecordedTape } from "../../../local/replay/recorded-tape.ts";
import { readSmallRecording, writeSmallRecording } from "./small-recording.ts";

const MS_PER_MINUTE = 60_000;
const silent = { onQuote: () => undefined, onTrades: () => undefined };

describe("the recorded tape", () => {
  const directory = writeSmallRecording({ symbols: 2, lastMinute: 10 * 60 });
  const recorded = readSmallRecording(directory);
  rmSync(directory, { recursive: true, force: true });
  const feed = createRecordedFeed(recorded);
  const openings = recorded.days.map(({ symbols }) => {
    const [first] = symbols.values();
    return first!.quotes.startsAtMs(0);
  });

  // What a vendor would answer whose answers hold no minute's bar.
  const answerOf = (symbol: Ticker, atMs: number, receivedAtMs: number) => {
    const state = feed.stateOf(symbol, atMs);
    if (state?.quote === undefined) return undefined;
    return { symbol, source: "recorded", ...state, minuteBar: undefined, receivedAtMs };
  };

  it("says at any moment what the recorded feed says, however far each step goes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }), (steps) => {
        const tape = createRecordedTape(recorded.symbols);
        for (const [index, day] of recorded.days.entries()) {
          tape.startDay(day);
          let atMs = openings[index]!;
          // A day is played to its end, as the tape's user does.
          for (const minutes of [...steps, 60]) {
            atMs += minutes * MS_PER_MINUTE;
            tape.playTo(atMs, silent);
            for (const symbol of [...recorded.symbols, ...recorded.symbols.toReversed()]) {
              const snapshot = tape.snapshotOf(symbol, atMs + 1);
              expect(snapshot).toEqual(answerOf(symbol, atMs, atMs + 1));
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it("tells every row once, and none before its minute is over", () => {
    const tape = createRecordedTape(recorded.symbols);
    let quotes = 0;
    let bars = 0;
    let nowMs = 0;
    for (const [index, day] of recorded.days.entries()) {
      tape.startDay(day);
      for (nowMs = openings[index]!; nowMs < openings[index]! + 3_600_000; nowMs += MS_PER_MINUTE) {
        tape.playTo(nowMs, {
          onQuote: (place, { bid, ask }) => {
            quotes++;
            const known = feed.stateOf(recorded.symbols[place]!, nowMs)?.quote;
            expect({ bid, ask }).toEqual({ bid: known?.bid, ask: known?.ask });
          },
          onTrades: (place, close) => {
            bars++;
            const known = feed.stateOf(recorded.symbols[place]!, nowMs);
            expect(close).toBe(known?.minuteBar?.close);
          },
        });
      }
    }
    expect(bars).toBe(recorded.rowsRead / 2);
    expect(quotes).toBe(recorded.rowsRead / 2);
  });
});
