import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createAlpacaMarketData,
  type AlpacaFeed,
} from "../../../shared/adapters/alpaca/market-data.ts";
import type { HttpOutcome } from "../../../shared/adapters/http/http-client.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { answerWith, hasOnlyFiniteNumbers, memoryHttp, mutatedJson } from "../mutated-json.ts";
import { snapshotsSample } from "./wire-samples.ts";

const nowMs = Date.parse("2013-10-07T13:41:30Z");
const tickers = (...names: string[]) => names.map((name) => parseTicker(name)!);

const marketDataWith = (respond: (url: string) => HttpOutcome, feed?: AlpacaFeed) =>
  createAlpacaMarketData({
    http: memoryHttp(respond),
    baseUrl: "http://data",
    credentials: { keyId: "k", secretKey: "s" },
    clock: { nowMs: () => nowMs, monotonicMs: () => 0 },
    ...(feed === undefined ? {} : { feed }),
  });

const thatAnswers = (body: unknown, status = 200) =>
  marketDataWith(() => answerWith(JSON.stringify(body), status));

const values = (t: string, v: unknown = 18.45) => ({ values: { VIX: { t, v } } });

describe("fetchSnapshots", () => {
  it("brings quote, trade and bars in the normal form, with the exchange's time", async () => {
    const answer = await thatAnswers(snapshotsSample).fetchSnapshots(tickers("SPY"));
    expect(answer).toMatchObject({
      ok: true,
      value: {
        missing: [],
        unreadable: [],
        snapshots: [
          {
            symbol: "SPY",
            source: "alpaca",
            receivedAtMs: nowMs,
            quote: {
              bid: parsePrice("172.6"),
              ask: parsePrice("172.7"),
              bidSize: 200,
              askSize: 500,
              exchangeTimeMs: Date.parse("2013-10-07T13:41:27.052Z"),
            },
            trade: { price: parsePrice("172.61"), size: 160 },
            dailyBar: { low: parsePrice("171.6618"), volume: 56457696 },
            previousDailyBar: { close: parsePrice("173.19") },
          },
        ],
      },
    });
  });

  it("lists what is not in the answer, and keeps a quote that has no ask", async () => {
    const answer = await thatAnswers(snapshotsSample).fetchSnapshots(tickers("IBM", "BAC"));
    expect(answer).toMatchObject({
      ok: true,
      value: { missing: ["BAC"], snapshots: [{ symbol: "IBM", quote: { ask: 0 } }] },
    });
    expect(answer).toHaveProperty("value.snapshots.0.minuteBar", undefined);
  });

  it("takes no price from a trade that was taken back", async () => {
    const latestTrade = { ...snapshotsSample.SPY.latestTrade, u: "canceled" };
    const answer = await thatAnswers({ SPY: { latestTrade } }).fetchSnapshots(tickers("SPY"));
    expect(answer).toHaveProperty("value.snapshots.0.trade", undefined);
  });

  it("calls late by contract what is, with or without a quote: it confirms nothing", async () => {
    const { latestTrade } = snapshotsSample.SPY;
    const late = marketDataWith(
      () => answerWith(JSON.stringify({ SPY: { latestTrade }, IBM: snapshotsSample.IBM })),
      "delayed_sip",
    );
    expect(await late.fetchSnapshots(tickers("SPY", "IBM"))).toMatchObject({
      ok: true,
      value: { snapshots: [{ quality: "delayed" }, { quality: "delayed" }] },
    });
  });

  it("skips a symbol that cannot be read and names the field", async () => {
    const latestQuote = { ...snapshotsSample.SPY.latestQuote, bp: "172.6" };
    const body = { ...snapshotsSample, SPY: { latestQuote } };
    const answer = await thatAnswers(body).fetchSnapshots(tickers("SPY", "IBM"));
    expect(answer).toMatchObject({
      ok: true,
      value: { snapshots: [{ symbol: "IBM" }], unreadable: [{ symbol: "SPY" }] },
    });
    expect(answer).toHaveProperty(
      "value.unreadable.0.reason",
      expect.stringContaining("latestQuote.bp"),
    );
    const alone = await thatAnswers(body).fetchSnapshots(tickers("SPY"));
    expect(alone).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
  });

  it("asks once per 100 symbols, with the feed, and not at all for none", async () => {
    const urls: string[] = [];
    const names = Array.from(
      { length: 205 },
      (_none, index) => `A${String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))}`,
    );
    const marketData = marketDataWith((url) => {
      urls.push(url);
      return answerWith("{}");
    }, "sip");
    const answer = await marketData.fetchSnapshots(tickers(...names));
    expect(answer).toMatchObject({ ok: true, value: { missing: names } });
    expect(urls.map((url) => new URL(url).searchParams.get("symbols")?.split(",").length)).toEqual([
      100, 100, 5,
    ]);
    expect(urls.every((url) => url.endsWith("&feed=sip"))).toBe(true);
    expect((await marketData.fetchSnapshots([])).ok).toBe(true);
    expect(urls).toHaveLength(3);
  });

  it("is a fault, never an empty answer, when the vendor fails", async () => {
    const statuses = [
      [401, "AUTH_ERROR"],
      [403, "AUTH_ERROR"],
      [429, "RATE_LIMIT"],
      [500, "NETWORK"],
    ] as const;
    for (const [status, faultClass] of statuses) {
      const answer = await thatAnswers({}, status).fetchSnapshots(tickers("SPY"));
      expect(answer).toMatchObject({ ok: false, error: { class: faultClass } });
    }
    const torn = await marketDataWith(() => answerWith("{")).fetchSnapshots(tickers("SPY"));
    expect(torn).toMatchObject({ ok: false, error: { class: "UNKNOWN" } });
  });

  it("gives values without NaN or named reasons, whatever the vendor writes", async () => {
    await fc.assert(
      fc.asyncProperty(mutatedJson(snapshotsSample), async (body) => {
        const answer = await marketDataWith(() => answerWith(body)).fetchSnapshots(
          tickers("SPY", "IBM"),
        );
        expect(hasOnlyFiniteNumbers(answer)).toBe(true);
        if (!answer.ok) {
          expect(answer.error.detail).not.toBe("");
          return;
        }
        const { snapshots, missing, unreadable = [] } = answer.value;
        expect(snapshots.length + missing.length + unreadable.length).toBe(2);
        for (const { reason } of unreadable) expect(reason).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });
});

describe("fetchVolatilityIndex", () => {
  it("is the index of this moment", async () => {
    const index = await thatAnswers(values("2013-10-07T13:41:15.354Z")).fetchVolatilityIndex();
    expect(index).toEqual({ ok: true, value: 18.45 });
  });

  it("is undefined when it is old, absent or not part of the plan", async () => {
    for (const marketData of [
      thatAnswers(values("2013-10-07T13:20:00Z")),
      thatAnswers({ values: {} }),
      thatAnswers({ message: "forbidden" }, 403),
      thatAnswers({ message: "not found" }, 404),
    ]) {
      expect(await marketData.fetchVolatilityIndex()).toEqual({ ok: true, value: undefined });
    }
  });

  it("is a fault when the vendor fails or writes something else", async () => {
    expect((await thatAnswers({}, 500).fetchVolatilityIndex()).ok).toBe(false);
    const changed = thatAnswers(values("2013-10-07T13:41:15Z", "18.45"));
    expect(await changed.fetchVolatilityIndex()).toMatchObject({
      ok: false,
      error: { class: "SCHEMA_ERROR" },
    });
  });
});
