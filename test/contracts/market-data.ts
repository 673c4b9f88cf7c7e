import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultControl } from "../../local/exchange/faults/fault-control.ts";
import type { Fault } from "../../local/exchange/faults/fault.ts";
import type { FeedVendor } from "../../local/exchange/vendors/vendor-paths.ts";
import type { Bar, Snapshot } from "../../shared/domain/market/quote.ts";
import { parseTicker, type Ticker } from "../../shared/domain/market/ticker.ts";
import type { Result } from "../../shared/domain/result.ts";
import type {
  MarketData,
  SnapshotAnswer,
  VendorMarketData,
} from "../../shared/ports/market-data.ts";
import type { VendorFault } from "../../shared/ports/vendor-fault.ts";

/** Market data during a session. */
export type MarketDataWorld = {
  readonly marketData: MarketData;
  readonly nowMs: () => number;
  /** Two symbols at least that are traded now. */
  readonly symbols: readonly Ticker[];
  readonly close: () => Promise<void>;
};

/** A vendor's market data whose faults can be armed. */
export type VendorDataWorld = MarketDataWorld & {
  readonly marketData: VendorMarketData;
  readonly vendor: FeedVendor;
  readonly faults: FaultControl;
  /** What may be in no message. */
  readonly secrets: readonly string[];
  /** A field that every answer of snapshots has and that must be there. */
  readonly field: string;
  /** Whether the vendor says that its feed is late. */
  readonly tellsDelay: boolean;
};

const unheardOf = parseTicker("ZZZZZZ")!;

const valueOf = (answer: Result<SnapshotAnswer, VendorFault>): SnapshotAnswer => {
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
};

/** What every adapter of market data does. */
export const describeMarketData = (
  name: string,
  startWorld: () => Promise<MarketDataWorld>,
): void => {
  describe(name, () => {
    let world: MarketDataWorld;
    beforeEach(async () => {
      world = await startWorld();
    });
    afterEach(() => world.close());

    describe("snapshots", () => {
      it("come one for each symbol, with a price of this session in whole units", async () => {
        const answer = valueOf(await world.marketData.fetchSnapshots(world.symbols));
        expect(answer.missing).toEqual([]);
        expect(answer.unreadable ?? []).toEqual([]);
        expect(answer.snapshots.map(({ symbol }) => symbol).toSorted()).toEqual(
          world.symbols.toSorted(),
        );
        for (const snapshot of answer.snapshots) {
          expectPrice(snapshot, world.nowMs());
          expect(Math.abs(world.nowMs() - snapshot.receivedAtMs)).toBeLessThan(60_000);
        }
      });

      it("have bars whose prices lie between their low and their high", async () => {
        const answer = valueOf(await world.marketData.fetchSnapshots(world.symbols));
        const bars = answer.snapshots.flatMap((snapshot): Bar[] =>
          [snapshot.minuteBar, snapshot.dailyBar, snapshot.previousDailyBar].filter(
            (bar) => bar !== undefined,
          ),
        );
        expect(bars.length).toBeGreaterThan(0);
        for (const { open, high, low, close, volume } of bars) {
          expect(Math.min(open, close)).toBeGreaterThanOrEqual(low);
          expect(Math.max(open, close)).toBeLessThanOrEqual(high);
          expect(volume).toBeGreaterThanOrEqual(0);
        }
      });

      it("name the symbols that the vendor does not have, which is no error", async () => {
        const answer = await world.marketData.fetchSnapshots([...world.symbols, unheardOf]);
        expect(answer).toMatchObject({ ok: true, value: { missing: [unheardOf] } });
        expect(valueOf(answer).snapshots.length).toBe(world.symbols.length);
      });

      it("of no symbols are none", async () => {
        expect(await world.marketData.fetchSnapshots([])).toMatchObject({
          ok: true,
          value: { snapshots: [], missing: [] },
        });
      });
    });

    it("the volatility index is a positive number or not known", async () => {
      const index = await world.marketData.fetchVolatilityIndex();
      expect(index.ok).toBe(true);
      if (index.ok && index.value !== undefined) expect(index.value).toBeGreaterThan(0);
    });
  });
};

/** Either a book with two sides, or, where there is none, a last trade and a mark that says so. */
const expectPrice = ({ symbol, quote, trade, quality }: Snapshot, nowMs: number): void => {
  if (quality === "tradeOnly") {
    expect(quote).toBeUndefined();
    expect(trade?.symbol).toBe(symbol);
    expect(Number.isSafeInteger(trade?.price) && trade!.price > 0).toBe(true);
    expect(Math.abs(nowMs - trade!.exchangeTimeMs!)).toBeLessThan(60_000);
    return;
  }
  expect(quote?.symbol).toBe(symbol);
  expect(Number.isSafeInteger(quote?.bid) && Number.isSafeInteger(quote?.ask)).toBe(true);
  expect(quote!.ask).toBeGreaterThanOrEqual(quote!.bid);
  expect(Math.abs(nowMs - quote!.exchangeTimeMs!)).toBeLessThan(60_000);
};

/** A fault without its name, as most tests strike once and for certain. */
const ONCE = { probability: 1, times: 1 } as const;

const FAULTS: readonly (readonly [string, Fault, VendorFault["class"]])[] = [
  ["is limited", { name: "rateLimit", ...ONCE }, "RATE_LIMIT"],
  ["is down behind its gateway", { name: "plainTextError", status: 503, ...ONCE }, "NETWORK"],
  ["limits in plain text", { name: "plainTextError", status: 429, ...ONCE }, "RATE_LIMIT"],
  ["answers 200 with a page of text", { name: "plainTextError", status: 200, ...ONCE }, "UNKNOWN"],
  ["answers 5xx", { name: "errorBefore", status: 502, ...ONCE }, "NETWORK"],
  ["tells an error within a 200", { name: "errorInside", ...ONCE }, "UNKNOWN"],
  ["cuts the connection", { name: "dropAnswer", ...ONCE }, "NETWORK"],
];

/** What every vendor's adapter does, with the faults that a vendor can have. */
export const describeVendorData = (
  name: string,
  startWorld: () => Promise<VendorDataWorld>,
): void => {
  describeMarketData(name, startWorld);
  describe(name, () => {
    let world: VendorDataWorld;
    beforeEach(async () => {
      world = await startWorld();
    });
    afterEach(() => world.close());
    const arm = (fault: Fault): void => {
      world.faults.arm({ ...fault, vendor: world.vendor, times: undefined });
    };
    const fetch = () => world.marketData.fetchSnapshots(world.symbols);

    describe("a vendor", () => {
      it("says who it is, in every snapshot too", async () => {
        expect(world.marketData.vendor).toBe(world.vendor);
        const { snapshots } = valueOf(await fetch());
        expect(snapshots.every(({ source }) => source === world.vendor)).toBe(true);
      });

      it.each(FAULTS)(
        "that %s is a classed fault, never an empty answer",
        async (_, fault, kind) => {
          arm(fault);
          const answer = await fetch();
          expect(answer).toMatchObject({ ok: false, error: { vendor: world.vendor, class: kind } });
          const detail = answer.ok ? "" : answer.error.detail;
          expect(detail).not.toBe("");
          for (const secret of world.secrets) expect(detail).not.toContain(secret);
          world.faults.disarmAll();
          expect((await fetch()).ok).toBe(true);
        },
      );

      it("says when to come back, or does not", async () => {
        arm({ name: "rateLimit", says: "retryAfter", ...ONCE });
        expect(await fetch()).toMatchObject({ error: { retryAtMs: world.nowMs() + 20_000 } });
        world.faults.disarmAll();
        arm({ name: "rateLimit", says: "nothing", ...ONCE });
        const silent = await fetch();
        expect(silent).toMatchObject({ ok: false, error: { class: "RATE_LIMIT" } });
        expect(silent).not.toHaveProperty("error.retryAtMs");
      });

      it("that hangs is given up at the deadline, or when nobody wants the answer", async () => {
        arm({ name: "hangAnswer", ...ONCE });
        const late = await world.marketData.fetchSnapshots(world.symbols, { deadlineMs: 40 });
        expect(late).toMatchObject({ ok: false, error: { class: "NETWORK" } });
        const stop = new AbortController();
        const unwanted = world.marketData.fetchSnapshots(world.symbols, { signal: stop.signal });
        stop.abort();
        expect(await unwanted).toMatchObject({ ok: false, error: { class: "NETWORK" } });
      });

      it("is not asked when the deadline has passed", async () => {
        const answer = await world.marketData.fetchSnapshots(world.symbols, { deadlineMs: -1 });
        expect(answer).toMatchObject({ ok: false, error: { class: "NETWORK" } });
      });

      it("whose contract has changed is a schema error", async () => {
        arm({ name: "removeField", field: world.field, ...ONCE });
        expect(await fetch()).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
      });

      it("keeps the time stamps of prices that are stale or late by contract", async () => {
        for (const fault of [
          { name: "stalePrices", byMs: 300_000, ...ONCE },
          { name: "delayedFeed", byMs: 900_000, ...ONCE },
        ] as const) {
          arm(fault);
          for (const { quote, trade, quality } of valueOf(await fetch()).snapshots) {
            const atMs = quote?.exchangeTimeMs ?? trade!.exchangeTimeMs!;
            expect(world.nowMs() - atMs).toBeGreaterThanOrEqual(fault.byMs - 1_000);
            const isTold = fault.name === "delayedFeed" && world.tellsDelay;
            expect(quality === "delayed").toBe(isTold);
          }
          world.faults.disarmAll();
        }
      });

      it("tells wrong prices as it has them, for others to find out", async () => {
        const right = valueOf(await fetch()).snapshots.map(priceIn);
        arm({ name: "wrongPrices", factor: 3, ...ONCE });
        const wrong = valueOf(await fetch()).snapshots.map(priceIn);
        for (const [index, price] of wrong.entries()) {
          expect(price / right[index]!).toBeCloseTo(3, 1);
        }
      });

      it("without one of the symbols still has the others", async () => {
        const [first, ...others] = world.symbols;
        arm({ name: "missingSymbols", symbols: [first!], ...ONCE });
        const answer = valueOf(await fetch());
        expect(answer.missing).toEqual([first]);
        expect(answer.snapshots.map(({ symbol }) => symbol)).toEqual(others);
      });

      it("that fails has no volatility index, which is a fault and not an unknown index", async () => {
        const index = await world.marketData.fetchVolatilityIndex();
        if (!index.ok || index.value === undefined) return;
        arm({ name: "errorBefore", status: 500, ...ONCE });
        expect(await world.marketData.fetchVolatilityIndex()).toMatchObject({ ok: false });
      });
    });
  });
};

const priceIn = ({ quote, trade }: Snapshot): number => quote?.bid ?? trade?.price ?? Number.NaN;
