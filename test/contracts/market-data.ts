import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Bar } from "../../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import type { MarketData } from "../../shared/ports/market-data.ts";

/** Market data during a session. */
export type MarketDataWorld = {
  readonly marketData: MarketData;
  readonly nowMs: () => number;
  /** Two symbols at least that are traded now. */
  readonly symbols: readonly Ticker[];
  readonly close: () => Promise<void>;
};

/** What every adapter of market data does. */
export const describeMarketData = (
  name: string,
  startWorld: () => Promise<MarketDataWorld>,
): void => {
  let world: MarketDataWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());
  const unheardOf = parseTicker("ZZZZZZ")!;

  describe(`${name}: snapshots`, () => {
    it("come one for each symbol, with a quote of this session in whole units", async () => {
      const answer = await world.marketData.fetchSnapshots(world.symbols);
      if (!answer.ok) throw new Error(answer.error.detail);
      expect(answer.value.missing).toEqual([]);
      expect(answer.value.unreadable ?? []).toEqual([]);
      expect(answer.value.snapshots.map(({ symbol }) => symbol).toSorted()).toEqual(
        world.symbols.toSorted(),
      );
      for (const { symbol, quote, receivedAtMs } of answer.value.snapshots) {
        expect(quote?.symbol).toBe(symbol);
        expect(Number.isSafeInteger(quote?.bid) && Number.isSafeInteger(quote?.ask)).toBe(true);
        expect(quote!.ask).toBeGreaterThanOrEqual(quote!.bid);
        expect(Math.abs(world.nowMs() - quote!.exchangeTimeMs!)).toBeLessThan(60_000);
        expect(Math.abs(world.nowMs() - receivedAtMs)).toBeLessThan(60_000);
      }
    });

    it("have bars whose prices lie between their low and their high", async () => {
      const answer = await world.marketData.fetchSnapshots(world.symbols);
      const bars = (answer.ok ? answer.value.snapshots : []).flatMap((snapshot): Bar[] =>
        [snapshot.minuteBar, snapshot.dailyBar, snapshot.previousDailyBar].filter(
          (bar) => bar !== undefined,
        ),
      );
      for (const { open, high, low, close, volume } of bars) {
        expect(Math.min(open, close)).toBeGreaterThanOrEqual(low);
        expect(Math.max(open, close)).toBeLessThanOrEqual(high);
        expect(volume).toBeGreaterThanOrEqual(0);
      }
    });

    it("name the symbols that the vendor does not have, which is no error", async () => {
      const answer = await world.marketData.fetchSnapshots([...world.symbols, unheardOf]);
      expect(answer).toMatchObject({ ok: true, value: { missing: [unheardOf] } });
      expect(answer.ok && answer.value.snapshots.length).toBe(world.symbols.length);
    });

    it("of no symbols are none", async () => {
      expect(await world.marketData.fetchSnapshots([])).toMatchObject({
        ok: true,
        value: { snapshots: [], missing: [] },
      });
    });
  });

  it(`${name}: the volatility index is a positive number or not known`, async () => {
    const index = await world.marketData.fetchVolatilityIndex();
    expect(index.ok).toBe(true);
    if (index.ok && index.value !== undefined) expect(index.value).toBeGreaterThan(0);
  });
};
