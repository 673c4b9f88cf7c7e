import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpOutcome } from "../../../shared/adapters/http/http-client.ts";
import { createUnusualWhalesFlow } from "../../../shared/adapters/unusual-whales/flow.ts";
import type { FlowGap } from "../../../shared/ports/flow.ts";
import { parseMoney } from "../../../shared/domain/market/money.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import { answerWith, hasOnlyFiniteNumbers, memoryHttp, mutatedJson } from "../mutated-json.ts";
import { alertSample, bodySamples, printSample } from "./wire-samples.ts";

const ticker = (name: string): Ticker => parseTicker(name)!;
const SPY = ticker("SPY");
const startMs = Date.parse("2013-10-07T13:41:30Z");

/** What a path is answered with; an endpoint that is not named gives an empty list. */
type Bodies = Readonly<Record<string, unknown>>;
const all: Bodies = { "flow-alerts": { data: [alertSample] }, ...bodySamples };

const endpointOf = (url: string): string => {
  const parts = new URL(url).pathname.split("/");
  return parts.find((part) => part in all) ?? "unheard-of";
};

const flowWith = (respond: (endpoint: string, url: string) => HttpOutcome) => {
  const urls: string[] = [];
  const gaps: FlowGap[] = [];
  const time = { nowMs: startMs };
  const flow = createUnusualWhalesFlow({
    http: memoryHttp((url) => {
      urls.push(url);
      return respond(endpointOf(url), url);
    }),
    baseUrl: "http://flow",
    token: "TOKEN-IN-TESTS",
    clock: { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs },
    report: (gap) => gaps.push(gap),
  });
  const countOf = (endpoint: string) => urls.filter((url) => endpointOf(url) === endpoint).length;
  return { flow, urls, gaps, time, countOf };
};

const answering = (bodies: Bodies, headers: Readonly<Record<string, string>> = {}) =>
  flowWith((endpoint) => ({
    type: "answer",
    status: 200,
    headers,
    body: JSON.stringify(bodies[endpoint] ?? { data: [] }),
  }));

describe("the evidence", () => {
  it("is what each endpoint said, with the vendor's time of it, and nothing else", async () => {
    const { flow, gaps } = answering(all);
    expect(await flow.fetchEvidence([SPY])).toEqual({
      ok: true,
      value: {
        evidence: [
          {
            symbol: "SPY",
            flowAlerts: {
              observedAtMs: Date.parse("2013-10-07T13:40:52.168Z"),
              alerts: [
                {
                  symbol: "SPY",
                  contract: "call",
                  strike: parsePrice("175"),
                  expiry: "2013-12-22",
                  totalPremium: parseMoney("186705.5"),
                  askSidePremium: parseMoney("151875"),
                  bidSidePremium: parseMoney("405"),
                  isSweep: true,
                  isMultiLeg: false,
                  createdAtMs: Date.parse("2013-10-07T13:40:52.168Z"),
                },
              ],
            },
            darkPool: {
              observedAtMs: Date.parse(printSample.executed_at),
              prints: [
                expect.objectContaining({
                  price: parsePrice("172.62"),
                  notional: parseMoney("1104768"),
                  bid: parsePrice("172.6"),
                  isCanceled: false,
                }),
                expect.objectContaining({ bid: 0, ask: parsePrice("172.64"), isCanceled: true }),
              ],
            },
            daily: {
              ivRank: { rank: 25, observedAtMs: Date.parse("2013-10-04T20:15:00Z") },
              greeks: {
                gammaExposure: expect.closeTo(35_656_589.7458, 3),
                observedAtMs: Date.parse("2013-10-04T04:00:00Z"),
              },
              openInterestChange: {
                change: 32_000,
                direction: "bullish",
                observedAtMs: Date.parse("2013-10-07T04:00:00Z"),
              },
              // 2,000,000 of 200,000,000: a tenth of what counts in full.
              etfFlow: {
                direction: "bullish",
                strength: expect.closeTo(0.1, 9),
                observedAtMs: Date.parse("2013-10-04T04:00:00Z"),
              },
              failsToDeliver: {
                quantity: 120_431,
                observedAtMs: Date.parse("2013-09-20T04:00:00Z"),
              },
              shorts: {
                shortInterestShare: 0.2,
                daysToCover: 1.4,
                failsToDeliver: 120_431,
                observedAtMs: Date.parse("2013-09-30T04:00:00Z"),
              },
              squeeze: {
                isHigh: false,
                signCount: 2,
                observedAtMs: Date.parse("2013-09-30T04:00:00Z"),
              },
              // 3,000 bought and 1,000 sold: clear by half, and half of that is the modifier.
              insider: {
                direction: "bullish",
                modifier: 0.25,
                tradeCount: 2,
                observedAtMs: Date.parse("2013-10-03T04:00:00Z"),
              },
              // The sale was in May.
              congress: {
                direction: "bullish",
                recentTradeCount: 1,
                observedAtMs: Date.parse("2013-10-02T04:00:00Z"),
              },
              institutional: {
                direction: "bullish",
                holderCount: 2,
                valueShare: 0.08,
                observedAtMs: Date.parse("2013-08-14T04:00:00Z"),
              },
              calendar: {
                daysToEarnings: 3,
                hasFdaEvent: true,
                economicEventCount: 1,
                observedAtMs: Date.parse("2013-10-07T04:00:00Z"),
              },
            },
          },
        ],
        marketTide: {
          observedAtMs: Date.parse("2013-10-07T13:40:00Z"),
          netCallPremium: parseMoney("-20660468.5"),
          netPutPremium: parseMoney("-575000"),
        },
      },
    });
    expect(gaps).toEqual([]);
  });

  it("is absent where the vendor has none, which is no gap; an empty calendar is known", async () => {
    const { flow, gaps } = answering({});
    const calendar = {
      daysToEarnings: undefined,
      hasFdaEvent: false,
      economicEventCount: 0,
      observedAtMs: Date.parse("2013-10-07T04:00:00Z"),
    };
    const evidence = [{ symbol: SPY, daily: { calendar } }];
    const value = { evidence, marketTide: undefined };
    expect(await flow.fetchEvidence([SPY])).toEqual({ ok: true, value });
    expect(gaps).toEqual([]);
  });

  it("asks for the alerts of 25 symbols at once, by the vendor's own parameter", async () => {
    const { flow, urls, countOf } = answering({});
    const symbols = Array.from({ length: 60 }, (_none, index) =>
      ticker(`A${String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))}`),
    );
    await flow.fetchEvidence(symbols);
    expect(countOf("flow-alerts")).toBe(3);
    const query = new URL(urls[0] ?? "").searchParams;
    expect(query.get("ticker_symbol")).toBe(symbols.slice(0, 25).join(","));
    expect(query.get("newer_than")).toBe("2013-10-07T11:41:30.000Z");
  });
});

/** What goes with each endpoint: a part of the calendar is not known to be empty. */
const LOST_WITH: Readonly<Record<string, readonly string[]>> = {
  darkpool: ["darkPool"],
  "market-tide": ["marketTide"],
  "iv-rank": ["ivRank"],
  "greek-exposure": ["greeks"],
  "oi-change": ["openInterestChange"],
  "in-outflow": ["etfFlow"],
  ftds: ["failsToDeliver"],
  // The fails to deliver are one sign of a squeeze by themselves.
  "interest-float": [],
  insider: ["insider"],
  "recent-trades": ["congress"],
  ownership: ["institutional"],
  earnings: ["calendar"],
  "economic-calendar": ["calendar"],
  "fda-calendar": ["calendar"],
};
const ALL_FIELDS = [...new Set(Object.values(LOST_WITH).flat()), "shorts", "squeeze"];

describe("a failure", () => {
  it("of one endpoint leaves its evidence absent and is reported; the rest stands", async () => {
    for (const failing of Object.keys(bodySamples)) {
      const { flow, gaps } = flowWith((endpoint) =>
        endpoint === failing
          ? answerWith("Internal error", 500)
          : answerWith(JSON.stringify(all[endpoint])),
      );
      const fetched = await flow.fetchEvidence([SPY]);
      if (!fetched.ok) throw new Error(fetched.error.detail);
      const { evidence, marketTide } = fetched.value;
      const { daily, ...rest } = evidence[0] ?? { daily: {} };
      const ofMarket = marketTide === undefined ? {} : { marketTide };
      const known = new Set(Object.keys({ ...daily, ...rest, ...ofMarket }));
      const lost = ALL_FIELDS.filter((field) => !known.has(field));
      expect(lost).toEqual(LOST_WITH[failing]);
      expect(gaps).toHaveLength(1);
      expect(gaps[0]?.detail).toContain("NETWORK");
      expect(JSON.stringify(gaps)).not.toContain("TOKEN-IN-TESTS");
    }
  });

  it("takes back what the endpoint said before", async () => {
    let isFailing = false;
    const { flow, time } = flowWith((endpoint) =>
      endpoint === "darkpool" && isFailing
        ? answerWith("", 503)
        : answerWith(JSON.stringify(all[endpoint])),
    );
    await flow.fetchEvidence([SPY]);
    isFailing = true;
    time.nowMs += 5 * 60_000;
    const evidence = await flow.fetchEvidence([SPY]);
    expect(evidence).toHaveProperty("value.evidence.0.daily.ivRank");
    expect(evidence).not.toHaveProperty("value.evidence.0.darkPool");
  });

  it("of the alerts is a fault with its class", async () => {
    const cases = [
      [answerWith("{}", 401), "AUTH_ERROR"],
      [answerWith("slow down", 429), "RATE_LIMIT"],
      [answerWith("Internal error", 500), "NETWORK"],
      [answerWith('{"msg":"bad","path":"","query":""}', 422), "UNKNOWN"],
      [answerWith('{"alerts":[]}'), "SCHEMA_ERROR"],
      [answerWith("<html>"), "UNKNOWN"],
      [{ type: "timeout", detail: "No answer." }, "NETWORK"],
    ] as const;
    for (const [outcome, faultClass] of cases) {
      const { flow } = flowWith(() => outcome);
      expect(await flow.fetchEvidence([SPY])).toMatchObject({
        ok: false,
        error: { vendor: "unusual-whales", class: faultClass },
      });
    }
  });

  it("to read one alert leaves its symbol without alerts, never with a part of them", async () => {
    const { total_premium: _gone, ...torn } = alertSample;
    const other = { ...alertSample, ticker: "IBM" };
    const data = [alertSample, torn, other];
    const { flow, gaps } = answering({ "flow-alerts": { data } });
    const evidence = await flow.fetchEvidence([SPY, ticker("IBM")]);
    expect(evidence).toMatchObject({
      ok: true,
      value: { evidence: [{ symbol: "SPY" }, { symbol: "IBM" }] },
    });
    expect(evidence).not.toHaveProperty("value.evidence.0.flowAlerts");
    expect(evidence).toHaveProperty("value.evidence.1.flowAlerts");
    expect(gaps).toMatchObject([{ endpoint: "flow-alerts", symbol: "SPY" }]);
    const alone = answering({ "flow-alerts": { data: [torn] } });
    expect(await alone.flow.fetchEvidence([SPY])).toMatchObject({
      ok: false,
      error: { class: "SCHEMA_ERROR" },
    });
  });

  it("by too many requests stops everything until the vendor's time", async () => {
    const { flow, urls, time } = flowWith((endpoint) =>
      endpoint === "flow-alerts"
        ? answerWith('{"data":[]}')
        : { type: "answer", status: 429, headers: { "retry-after": "90" }, body: "slow down" },
    );
    await flow.fetchEvidence([SPY]);
    const asked = urls.length;
    time.nowMs += 60_000;
    expect(await flow.fetchEvidence([SPY])).toMatchObject({
      ok: false,
      error: { class: "RATE_LIMIT", retryAtMs: startMs + 90_000 },
    });
    expect(urls).toHaveLength(asked);
    time.nowMs += 60_000;
    expect((await flow.fetchEvidence([SPY])).ok).toBe(true);
  });
});

describe("polling", () => {
  it("asks each endpoint for each symbol at its own interval", async () => {
    const { flow, time, countOf } = answering(all);
    const symbols = [SPY, ticker("IBM"), ticker("BAC")];
    for (let minute = 0; minute < 60; minute++) {
      await flow.fetchEvidence(symbols);
      time.nowMs += 60_000;
    }
    expect(countOf("flow-alerts")).toBe(60);
    expect(countOf("market-tide")).toBe(60);
    expect(countOf("darkpool")).toBe(3 * 12);
    expect(countOf("greek-exposure")).toBe(3 * 2);
    expect(countOf("iv-rank")).toBe(3);
    expect(countOf("oi-change")).toBe(3);
    for (const slow of [
      "in-outflow",
      "ftds",
      "insider",
      "recent-trades",
      "ownership",
      "earnings",
    ]) {
      expect(countOf(slow)).toBe(3);
    }
    // For the whole market, whatever the number of symbols.
    expect(countOf("economic-calendar")).toBe(1);
    expect(countOf("fda-calendar")).toBe(1);
  });

  it.each([
    ["soon after a failure that passes", 503, 30],
    ["only after its interval when it is refused", 422, 1],
  ])("asks again %s", async (_case, status, timesPerHour) => {
    const { flow, time, countOf } = flowWith((endpoint) =>
      endpoint === "iv-rank" ? answerWith("", status) : answerWith('{"data":[]}'),
    );
    for (let minute = 0; minute < 60; minute++) {
      await flow.fetchEvidence([SPY]);
      time.nowMs += 60_000;
    }
    expect(countOf("iv-rank")).toBe(timesPerHour);
  });

  it("is bounded per fetch and still reaches every one of many symbols", async () => {
    const { flow, time, urls } = answering(all);
    const symbols = Array.from({ length: 53 }, (_none, index) =>
      ticker(`B${String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))}`),
    );
    for (let minute = 0; minute < 12; minute++) {
      const before = urls.length;
      await flow.fetchEvidence(symbols);
      expect(urls.length - before).toBeLessThanOrEqual(60 + 3);
      time.nowMs += 60_000;
    }
    for (const symbol of symbols) {
      for (const path of [`darkpool/${symbol}`, `${symbol}/iv-rank`, `${symbol}/oi-change`]) {
        expect(urls.some((url) => url.endsWith(path))).toBe(true);
      }
    }
  });

  it("asks only for alerts once the day's quota is nearly used up, and says so", async () => {
    const headers = { "x-uw-daily-req-count": "13600", "x-uw-token-req-limit": "15000" };
    const { flow, urls, gaps } = answering(all, headers);
    expect(await flow.fetchEvidence([SPY])).toMatchObject({
      value: { evidence: [{ symbol: "SPY" }], marketTide: undefined },
    });
    expect(urls).toHaveLength(1);
    expect(gaps).toMatchObject([{ endpoint: "quota", symbol: null }]);
  });
});

describe("whatever the vendor writes", () => {
  it("the evidence has no NaN, and what is missing is reported", async () => {
    for (const mutated of Object.keys(all)) {
      await fc.assert(
        fc.asyncProperty(mutatedJson(all[mutated]), async (body) => {
          const { flow } = flowWith((endpoint) =>
            endpoint === mutated ? answerWith(body) : answerWith('{"data":[]}'),
          );
          const evidence = await flow.fetchEvidence([SPY]);
          expect(hasOnlyFiniteNumbers(evidence)).toBe(true);
          if (!evidence.ok) expect(evidence.error.detail).not.toBe("");
        }),
        { numRuns: 150 },
      );
    }
  });
});
