import { describe, expect, it } from "vitest";
import type { HttpOutcome } from "../../../shared/adapters/http/http-client.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { adapterOn, NOW_MS, tickers } from "../market-data/read-wire.ts";
import { yahooSample } from "../market-data/wire-samples.ts";
import { answerWith } from "../mutated-json.ts";

const thatAnswers = (body: unknown, status = 200) =>
  adapterOn("yahoo", () => answerWith(JSON.stringify(body), status));

const [sample] = yahooSample.chart.result;
const withResult = (change: object) => ({
  chart: { result: [{ ...sample, ...change }], error: null },
});
const withMeta = (change: object) => withResult({ meta: { ...sample!.meta, ...change } });
const notFound = { code: "Not Found", description: "No data found, symbol may be delisted" };

const chartError = (code: string) => ({ chart: { result: null, error: { code } } });

describe("fetchSnapshots of Yahoo", () => {
  it("brings the last trade and what the minutes add up to, and no quote", async () => {
    const answer = await thatAnswers(yahooSample).fetchSnapshots(tickers("SPY"));
    expect(answer).toMatchObject({
      ok: true,
      value: {
        missing: [],
        snapshots: [
          {
            source: "yahoo",
            quality: "tradeOnly",
            receivedAtMs: NOW_MS,
            previousClose: parsePrice("173.19"),
            trade: { price: parsePrice("172.61"), size: 0, exchangeTimeMs: 1_381_153_287_000 },
            minuteBar: { close: parsePrice("172.6"), startsAtMs: 1_381_153_200_000 },
            dailyBar: { high: parsePrice("172.7"), low: parsePrice("172.05"), volume: 210_000 },
          },
        ],
      },
    });
    expect(answer).toHaveProperty("value.snapshots.0.quote", undefined);
  });

  it("has no bars before the first trade of a day, which is normal", async () => {
    const body = withResult({ timestamp: undefined, indicators: { quote: [{}] } });
    const answer = await thatAnswers(body).fetchSnapshots(tickers("SPY"));
    expect(answer).toHaveProperty("value.snapshots.0.dailyBar", undefined);
  });

  it("adds no volumes up that nobody could have traded", async () => {
    const minute = [172.1, 172.3];
    const columns = { open: minute, high: minute, low: minute, close: minute };
    const body = withResult({
      timestamp: [1_381_153_080, 1_381_153_140],
      indicators: { quote: [{ ...columns, volume: [1.7e308, 1.7e308] }] },
    });
    expect(await thatAnswers(body).fetchSnapshots(tickers("SPY"))).toMatchObject({
      ok: false,
      error: { class: "SCHEMA_ERROR" },
    });
  });

  it("does not know a symbol that chart.error says is not found", async () => {
    for (const status of [404, 200]) {
      const body = { chart: { result: null, error: notFound } };
      const answer = await thatAnswers(body, status).fetchSnapshots(tickers("SPY"));
      expect(answer).toMatchObject({ ok: true, value: { snapshots: [], missing: ["SPY"] } });
    }
  });

  it("is a fault with any other chart.error, and with a limit in plain text", async () => {
    const answers: readonly (readonly [HttpOutcome, string])[] = [
      [answerWith(JSON.stringify(chartError("Internal Server Error"))), "UNKNOWN"],
      [answerWith(JSON.stringify(chartError("Unauthorized"))), "AUTH_ERROR"],
      [answerWith(JSON.stringify(chartError("Unauthorized")), 401), "AUTH_ERROR"],
      [answerWith("Too Many Requests\r\n", 429), "RATE_LIMIT"],
      [answerWith("<html>", 404), "UNKNOWN"],
      [answerWith('{"chart":{"result":[],"error":null}}'), "SCHEMA_ERROR"],
      [answerWith("[]"), "SCHEMA_ERROR"],
    ];
    for (const [outcome, faultClass] of answers) {
      const answer = await adapterOn("yahoo", () => outcome).fetchSnapshots(tickers("SPY"));
      expect(answer).toMatchObject({ ok: false, error: { class: faultClass } });
    }
  });

  it.each([
    ["another currency", withMeta({ currency: "MXN" }), "meta.currency"],
    ["another symbol", withMeta({ symbol: "SPYX" }), "meta.symbol"],
    ["no price", withMeta({ regularMarketPrice: null }), "meta.regularMarketPrice"],
    ["a price of zero", withMeta({ regularMarketPrice: 0 }), "meta.regularMarketPrice"],
    ["milliseconds", withMeta({ regularMarketTime: NOW_MS }), "meta.regularMarketTime"],
    ["fewer rows than times", withResult({ timestamp: [1_381_153_200] }), "indicators"],
  ])("takes no price from a chart of %s", async (_, body, field) => {
    const answer = await thatAnswers(body).fetchSnapshots(tickers("SPY"));
    expect(answer).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
    expect(answer).toHaveProperty("error.detail", expect.stringContaining(field));
  });

  it("asks for each symbol by itself, a few at a time, and writes shares' classes its way", async () => {
    const urls: string[] = [];
    const adapter = adapterOn("yahoo", (url) => {
      urls.push(url);
      if (url.includes("/IBM?")) return answerWith("no", 502);
      return answerWith(JSON.stringify({ chart: { result: null, error: notFound } }), 404);
    });
    expect(await adapter.fetchSnapshots(tickers("BRK.B", "IBM"))).toMatchObject({
      value: { missing: ["BRK.B"], failed: [{ symbol: "IBM", fault: { class: "NETWORK" } }] },
    });
    expect(urls[0]).toBe("http://data/v8/finance/chart/BRK-B?interval=1m&range=1d");
  });

  it("asks no further when it is limited", async () => {
    let requests = 0;
    const names = Array.from({ length: 78 }, (_none, at) =>
      String.fromCharCode(65 + (at % 26)).repeat(1 + Math.floor(at / 26)),
    );
    const adapter = adapterOn("yahoo", () => {
      requests++;
      return answerWith("Too Many Requests", 429);
    });
    const answer = await adapter.fetchSnapshots(tickers(...names));
    expect(answer).toMatchObject({ ok: false, error: { class: "RATE_LIMIT" } });
    // What a poll of the default configuration asks for, and then no more.
    expect(requests).toBeLessThanOrEqual(20);
  });
});

describe("fetchVolatilityIndex of Yahoo", () => {
  const index = withMeta({ symbol: "^VIX", regularMarketPrice: 18.45 });

  it("is the last value of ^VIX, unless it is old or not there", async () => {
    const urls: string[] = [];
    const adapter = adapterOn("yahoo", (url) => {
      urls.push(url);
      return answerWith(JSON.stringify(index));
    });
    expect(await adapter.fetchVolatilityIndex()).toEqual({ ok: true, value: 18.45 });
    expect(urls[0]).toContain("/chart/%5EVIX?");
    const old = withMeta({ symbol: "^VIX", regularMarketTime: 1_381_150_000 });
    expect(await thatAnswers(old).fetchVolatilityIndex()).toEqual({ ok: true, value: undefined });
    const none = thatAnswers({ chart: { result: null, error: notFound } }, 404);
    expect(await none.fetchVolatilityIndex()).toEqual({ ok: true, value: undefined });
  });

  it("is a fault where it cannot be read", async () => {
    for (const body of [withMeta({}), withMeta({ symbol: "^VIX", regularMarketPrice: "18" })]) {
      const answer = await thatAnswers(body).fetchVolatilityIndex();
      expect(answer).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
    }
  });
});
