import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import type { Price } from "../../shared/domain/market/price.ts";
import type { Snapshot } from "../../shared/domain/market/quote.ts";
import { DEFAULT_VALIDATION_POLICY } from "../../shared/domain/market/validate-quote.ts";
import { emptyMemory, lastKnownOf, validateShard } from "../../shared/use-cases/shard-memory.ts";

const SYMBOLS = ["AAA", "BBB", "CCC", "DDD"].map((text) => parseTicker(text)!);
const NOON_MS = Date.parse("2026-03-10T16:00:00Z");
const MINUTE_MS = 60_000;
const policy = { ...DEFAULT_VALIDATION_POLICY, vendorsToAgree: 1 } as const;

/** What is said in one minute: of some of the symbols, in any order, at any price. */
const anyMinute = fc
  .shuffledSubarray(SYMBOLS)
  .chain((symbols) =>
    fc.tuple(
      ...symbols.map((symbol) => fc.tuple(fc.constant(symbol), fc.integer({ min: 90, max: 120 }))),
    ),
  );

const snapshotOf = (symbol: Snapshot["symbol"], usd: number, atMs: number): Snapshot => {
  const bid = (usd * 10_000) as Price;
  return {
    symbol,
    source: "alpaca",
    quote: { symbol, bid, ask: bid, bidSize: 1, askSize: 1, exchangeTimeMs: atMs },
    trade: undefined,
    minuteBar: undefined,
    dailyBar: undefined,
    previousDailyBar: undefined,
    receivedAtMs: atMs,
  };
};

describe("a shard's memory", () => {
  it("judges each symbol as if it were alone, whichever come and in whatever order", () => {
    fc.assert(
      fc.property(fc.array(anyMinute, { maxLength: 8 }), (minutes) => {
        const together = emptyMemory();
        const alone = new Map(SYMBOLS.map((symbol) => [symbol, emptyMemory()]));
        for (const [index, said] of minutes.entries()) {
          const atMs = NOON_MS + index * MINUTE_MS;
          const snapshots = said.map(([symbol, usd]) => snapshotOf(symbol, usd, atMs));
          const { quotes } = validateShard(together, { snapshots, missing: [] }, atMs, policy);
          const each = snapshots.flatMap((snapshot) => {
            const memory = alone.get(snapshot.symbol) ?? emptyMemory();
            return validateShard(memory, { snapshots: [snapshot], missing: [] }, atMs, policy)
              .quotes;
          });
          expect(quotes).toEqual(each);
        }
        const known = [...alone.values()].flatMap(lastKnownOf);
        expect(new Set(lastKnownOf(together))).toEqual(new Set(known));
      }),
    );
  });
});
