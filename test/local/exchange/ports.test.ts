import { describe, expect, it } from "vitest";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { createSeededFlow } from "../../../local/exchange/flow/seeded-flow.ts";
import { bySession } from "../../../local/exchange/flow/session-flow.ts";
import { createMarketDriver } from "../../../local/exchange/market-driver.ts";
import { createExchangeBroker } from "../../../local/exchange/ports-broker.ts";
import { createExchangeFlow } from "../../../local/exchange/ports-flow.ts";
import { createExchangeMarketData } from "../../../local/exchange/ports-market-data.ts";
import { createSeededFeed } from "../../../local/exchange/prices/seeded-feed.ts";
import { createVirtualClock } from "../../../local/replay/virtual-clock.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { darkPoolEndpoint } from "../../../shared/adapters/unusual-whales/dark-pool.ts";
import { POLLS_MAX } from "../../../shared/adapters/unusual-whales/flow.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { describeBroker } from "../../contracts/broker.ts";
import { describeFlow } from "../../contracts/flow.ts";
import { describeMarketData } from "../../contracts/market-data.ts";

/** 10:00 in New York on a trading day. */
const STARTS_AT_MS = Date.UTC(2024, 2, 4, 15);
const MS_PER_MINUTE = 60_000;
const symbols = ["SPY", "IBM", "AAPL"].map((name) => parseTicker(name)!);
const close = async (): Promise<void> => undefined;

const startMarket = (names = symbols) => {
  const clock = createVirtualClock(STARTS_AT_MS);
  const feed = createSeededFeed({ seed: "ports", symbols: names });
  return { clock, feed };
};

describeBroker("the exchange in the same process", async () => {
  const { clock, feed } = startMarket();
  const exchange = createExchange({
    name: "ports",
    startsAtMs: STARTS_AT_MS,
    startingCash: usd(100_000),
  });
  const drive = createMarketDriver(exchange, feed);
  drive(STARTS_AT_MS);
  return {
    broker: createExchangeBroker(exchange, clock),
    nowMs: clock.nowMs,
    passMs: (ms) => {
      clock.setTo(clock.nowMs() + ms);
      drive(clock.nowMs());
    },
    symbol: symbols[0]!,
    askOf: (symbol) => feed.quoteOf(symbol, clock.nowMs())!.ask,
    close,
  };
});

describeMarketData("the exchange in the same process", async () => {
  const { clock, feed } = startMarket();
  const marketData = createExchangeMarketData({
    snapshotOf: (symbol, receivedAtMs) => {
      const state = feed.stateOf(symbol, clock.nowMs());
      return state && { symbol, source: "recorded", ...state, receivedAtMs };
    },
    clock,
  });
  return { marketData, nowMs: clock.nowMs, symbols, close };
});

describeFlow("the exchange in the same process", async () => {
  const { clock, feed } = startMarket();
  const flow = createExchangeFlow(bySession(createSeededFlow({ seed: "ports", feed })), clock);
  return { flow, nowMs: clock.nowMs, symbols, close };
});

describe("flow in the same process", () => {
  it("holds, at every minute, just what happened in the two hours before", async () => {
    const { clock, feed } = startMarket();
    const seeded = createSeededFlow({ seed: "ports", feed });
    const flow = createExchangeFlow(bySession(seeded), clock);
    for (let minute = 0; minute < 400; minute++) {
      const nowMs = clock.nowMs();
      const fetched = await flow.fetchEvidence(symbols);
      if (!fetched.ok) throw new Error(fetched.error.detail);
      for (const symbol of symbols) {
        const evidence = fetched.value.evidence.find((each) => each.symbol === symbol);
        const fromMs = nowMs - 120 * MS_PER_MINUTE;
        const alerts = seeded.alertsOf(symbol, fromMs, nowMs);
        const listed = evidence?.flowAlerts?.alerts ?? [];
        const isInside = ({ createdAtMs = 0 }) => createdAtMs > fromMs;
        expect(alerts).toMatchObject(listed.filter(isInside));
        // What is older is listed at most behind what is not.
        expect(listed.findLastIndex(isInside)).toBe(alerts.length - 1);
        if (alerts.length === 0) expect(listed).toEqual([]);
      }
      const tideAtMs = fetched.value.marketTide?.observedAtMs;
      expect(tideAtMs).toBe(seeded.tideUntil(nowMs).at(-1)?.atMs);
      clock.setTo(nowMs + MS_PER_MINUTE);
    }
  });

  it("asks for prints as the deployed adapter asks, and for alerts every time", async () => {
    const { clock, feed } = startMarket();
    const seeded = createSeededFlow({ seed: "ports", feed });
    const flow = createExchangeFlow(bySession(seeded), clock);
    let askedAtMs = -Infinity;
    for (let minute = 0; minute < 400; minute++) {
      const nowMs = clock.nowMs();
      if (nowMs - askedAtMs >= darkPoolEndpoint.intervalMs) askedAtMs = nowMs;
      const fetched = await flow.fetchEvidence(symbols);
      for (const { symbol, darkPool } of fetched.ok ? fetched.value.evidence : []) {
        const fromMs = askedAtMs - 120 * MS_PER_MINUTE;
        const inside = (darkPool?.prints ?? []).filter(
          ({ executedAtMs = 0 }) => executedAtMs > fromMs,
        );
        expect(seeded.printsOf(symbol, fromMs, askedAtMs)).toMatchObject(inside);
      }
      clock.setTo(nowMs + MS_PER_MINUTE);
    }
  });

  it("asks for no more prints at once than the adapter may, and for everybody's in turn", async () => {
    const many = Array.from({ length: POLLS_MAX + 30 }, (_, index) =>
      parseTicker(`A${String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))}`),
    ).filter((symbol) => symbol !== undefined);
    const { clock, feed } = startMarket(many);
    const flow = createExchangeFlow(bySession(createSeededFlow({ seed: "many", feed })), clock);
    clock.setTo(clock.nowMs() + 120 * MS_PER_MINUTE);
    const counts: number[] = [];
    for (let minute = 0; minute < 3; minute++) {
      const fetched = await flow.fetchEvidence(many);
      const known = fetched.ok ? fetched.value.evidence : [];
      counts.push(known.filter(({ darkPool }) => darkPool !== undefined).length);
      clock.setTo(clock.nowMs() + MS_PER_MINUTE);
    }
    expect(counts[0]).toBeLessThanOrEqual(POLLS_MAX);
    expect(counts[1]).toBeGreaterThan(POLLS_MAX);
    expect(counts[2]).toBe(counts[1]);
  });

  it("is not known while the market is closed", async () => {
    const clock = createVirtualClock(Date.UTC(2024, 2, 3, 15));
    const { feed } = startMarket();
    const flow = createExchangeFlow(bySession(createSeededFlow({ seed: "ports", feed })), clock);
    expect(await flow.fetchEvidence(symbols)).toEqual({
      ok: true,
      value: { evidence: [], marketTide: undefined },
    });
  });
});
