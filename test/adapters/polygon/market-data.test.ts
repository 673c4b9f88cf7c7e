import { describe, expect, it } from "vitest";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { answerWith } from "../mutated-json.ts";
import { adapterOn, NOW_MS, tickers } from "../market-data/read-wire.ts";
import { polygonSample, withNanoseconds } from "../market-data/wire-samples.ts";

const thatAnswers = (body: unknown, status = 200) =>
  adapterOn("polygon", () => answerWith(withNanoseconds(JSON.stringify(body)), status));

const [spy, ibm] = polygonSample.tickers;
const only = (change: object) => ({ ...polygonSample, tickers: [{ ...spy, ...change }] });

describe("fetchSnapshots of Polygon", () => {
  it("does not swap bid and ask, and reads nanoseconds to the millisecond (defect 16)", async () => {
    const answer = await thatAnswers(polygonSample).fetchSnapshots(tickers("SPY"));
    expect(answer).toMatchObject({
      ok: true,
      value: {
        missing: [],
        snapshots: [
          {
            symbol: "SPY",
            source: "polygon",
            receivedAtMs: NOW_MS,
            quote: {
              bid: parsePrice("172.6"),
              ask: parsePrice("172.7"),
              bidSize: 200,
              askSize: 500,
              exchangeTimeMs: Date.parse("2013-10-07T13:41:27.052Z"),
            },
            // A float would have made the next second of these nanoseconds.
            trade: { exchangeTimeMs: Date.parse("2013-10-07T13:41:26.999Z") },
            dailyBar: { startsAtMs: Date.parse("2013-10-07T04:00:00Z") },
            previousDailyBar: {
              close: parsePrice("173.19"),
              // A Monday's day before is a Friday.
              startsAtMs: Date.parse("2013-10-04T04:00:00Z"),
            },
          },
        ],
      },
    });
    expect(answer).not.toHaveProperty("value.snapshots.0.quality");
  });

  it("takes what was cleared before the open for absent, and a zero ask for none", async () => {
    const answer = await thatAnswers(polygonSample).fetchSnapshots(tickers("IBM"));
    expect(answer).toMatchObject({
      ok: true,
      value: { snapshots: [{ quote: { ask: 0, bid: parsePrice("182.1") } }] },
    });
    for (const name of ["trade", "dailyBar", "minuteBar"]) {
      expect(answer).toHaveProperty(`value.snapshots.0.${name}`, undefined);
    }
  });

  it("marks a feed that is late by contract, and a plan without quotes", async () => {
    const late = await thatAnswers({ ...polygonSample, status: "DELAYED" }).fetchSnapshots(
      tickers("SPY"),
    );
    expect(late).toHaveProperty("value.snapshots.0.quality", "delayed");
    const { lastQuote: _none, ...rest } = spy!;
    const body = { ...polygonSample, tickers: [rest] };
    const tradeOnly = await thatAnswers(body).fetchSnapshots(tickers("SPY"));
    expect(tradeOnly).toHaveProperty("value.snapshots.0.quality", "tradeOnly");
  });

  it("keeps missing, unreadable and failed apart", async () => {
    const nothing = await thatAnswers({ status: "OK", count: 0 }).fetchSnapshots(tickers("SPY"));
    expect(nothing).toMatchObject({ ok: true, value: { missing: ["SPY"] } });
    const changed = { ...spy, lastQuote: { ...spy!.lastQuote, P: "172.7" } };
    const body = { ...polygonSample, tickers: [changed, ibm] };
    expect(await thatAnswers(body).fetchSnapshots(tickers("SPY", "IBM", "F"))).toMatchObject({
      ok: true,
      value: {
        snapshots: [{ symbol: "IBM" }],
        unreadable: [{ symbol: "SPY", reason: "lastQuote.P: expected a price" }],
        missing: ["F"],
      },
    });
    const gone = await thatAnswers({ status: "OK" }).fetchSnapshots(tickers("SPY"));
    expect(gone).toMatchObject({ ok: false, error: { class: "SCHEMA_ERROR" } });
  });

  it("believes neither of two elements of the same name, nor a missing name", async () => {
    const twice = { ...polygonSample, tickers: [spy, ibm, { ...spy, lastTrade: null }] };
    expect(await thatAnswers(twice).fetchSnapshots(tickers("SPY", "IBM"))).toMatchObject({
      value: { snapshots: [{ symbol: "IBM" }], unreadable: [{ symbol: "SPY" }] },
    });
    const nameless = { ...polygonSample, tickers: [{ ...spy, ticker: null }, ibm] };
    expect(await thatAnswers(nameless).fetchSnapshots(tickers("SPY", "IBM"))).toMatchObject({
      value: { missing: [], unreadable: [{ symbol: "SPY" }] },
    });
  });

  it("takes nothing for a number of shares that nobody could count", async () => {
    // In round lots a hundred times as many, which is more than any number.
    const body = only({ lastQuote: { ...spy!.lastQuote, s: 1e308 } });
    expect(await thatAnswers(body).fetchSnapshots(tickers("SPY"))).toMatchObject({
      ok: false,
      error: { class: "SCHEMA_ERROR", detail: "SPY: lastQuote.s: expected a count" },
    });
  });

  it("refuses times in another unit than nanoseconds", async () => {
    for (const t of [1_381_153_287_052, "138115328705212345", "13811532870521234570", -1]) {
      const body = only({ lastQuote: { ...spy!.lastQuote, t } });
      expect(await thatAnswers(body).fetchSnapshots(tickers("SPY"))).toMatchObject({
        ok: false,
        error: { class: "SCHEMA_ERROR", detail: "SPY: lastQuote.t: expected nanoseconds" },
      });
    }
  });

  it("finds the error within an answer of status 200, and keeps the key out of it", async () => {
    const errors = [
      [{ status: "NOT_AUTHORIZED", message: "the-secret is not entitled." }, "AUTH_ERROR"],
      [{ status: "ERROR", error: "You've exceeded the maximum requests." }, "RATE_LIMIT"],
      [{ status: "ERROR", error: "Something else." }, "UNKNOWN"],
      [{ tickers: [] }, "SCHEMA_ERROR"],
      [[], "SCHEMA_ERROR"],
    ] as const;
    for (const [body, faultClass] of errors) {
      const answer = await thatAnswers(body).fetchSnapshots(tickers("SPY"));
      expect(answer).toMatchObject({ ok: false, error: { class: faultClass } });
      expect(JSON.stringify(answer)).not.toContain("the-secret");
    }
  });

  it("puts the key into a header, and asks for many symbols in few addresses", async () => {
    const urls: string[] = [];
    const names = Array.from(
      { length: 600 },
      (_none, index) => `A${String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))}`,
    );
    const adapter = adapterOn("polygon", (url) => {
      urls.push(url);
      return answerWith('{"status":"OK","tickers":[]}');
    });
    expect(await adapter.fetchSnapshots(tickers(...names))).toMatchObject({
      value: { missing: names },
    });
    expect(urls).toHaveLength(3);
    expect(Math.max(...urls.map(({ length }) => length))).toBeLessThan(2_100);
    expect(urls.join("")).not.toContain("the-secret");
  });
});

describe("a vendor of several requests", () => {
  const names = Array.from(
    { length: 260 },
    (_none, index) => `B${String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))}`,
  );

  it("has failed symbols beside the others when one request fails, and a fault when all do", async () => {
    const half = adapterOn("polygon", (url) =>
      url.includes("BAA,") ? answerWith("{}", 500) : answerWith('{"status":"OK","tickers":[]}'),
    );
    const answer = await half.fetchSnapshots(tickers(...names));
    expect(answer).toMatchObject({ ok: true, value: { missing: names.slice(250) } });
    expect(answer).toHaveProperty("value.failed.length", 250);
    expect(answer).toHaveProperty("value.failed.0.fault.class", "NETWORK");
    const none = adapterOn("polygon", () => answerWith("{}", 500));
    expect((await none.fetchSnapshots(tickers(...names))).ok).toBe(false);
  });
});

describe("fetchVolatilityIndex of Polygon", () => {
  const index = { ticker: "I:VIX", value: 18.45, last_updated: "1381153275354000001" };
  const withIndex = (change: object) =>
    thatAnswers({ status: "OK", request_id: "1", results: [{ ...index, ...change }] });

  it("is the index of this moment", async () => {
    expect(await withIndex({}).fetchVolatilityIndex()).toEqual({ ok: true, value: 18.45 });
  });

  it("is not known where the plan or the vendor has none, or an old one", async () => {
    for (const adapter of [
      withIndex({ error: "NOT_ENTITLED", value: undefined }),
      withIndex({ error: "NOT_FOUND", value: undefined }),
      withIndex({ last_updated: "1381150000000000001" }),
      thatAnswers({ status: "OK", results: [] }),
      thatAnswers({ status: "NOT_AUTHORIZED" }, 403),
    ]) {
      expect(await adapter.fetchVolatilityIndex()).toEqual({ ok: true, value: undefined });
    }
  });

  it("is a fault where it cannot be read", async () => {
    for (const change of [{ value: "18.45" }, { value: 0 }, { last_updated: 1 }, { error: "X" }]) {
      expect((await withIndex(change).fetchVolatilityIndex()).ok).toBe(false);
    }
  });
});
