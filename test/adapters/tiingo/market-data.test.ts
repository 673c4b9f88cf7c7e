import { describe, expect, it } from "vitest";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { adapterOn, NOW_MS, tickers } from "../market-data/read-wire.ts";
import { tiingoSample } from "../market-data/wire-samples.ts";
import { answerWith } from "../mutated-json.ts";

const thatAnswers = (body: unknown, status = 200) =>
  adapterOn("tiingo", () => answerWith(JSON.stringify(body), status));

const [spy, berkshire] = tiingoSample;

describe("fetchSnapshots of Tiingo", () => {
  it("brings quote, trade and day in the normal form, of one exchange alone", async () => {
    expect(await thatAnswers(tiingoSample).fetchSnapshots(tickers("SPY"))).toMatchObject({
      ok: true,
      value: {
        snapshots: [
          {
            source: "tiingo",
            origin: "iex",
            receivedAtMs: NOW_MS,
            previousClose: parsePrice("173.19"),
            quote: {
              bid: parsePrice("172.6"),
              ask: parsePrice("172.7"),
              exchangeTimeMs: Date.parse("2013-10-07T13:41:27.052Z"),
            },
            trade: { size: 160, exchangeTimeMs: Date.parse("2013-10-07T13:41:26.999Z") },
            dailyBar: { close: parsePrice("172.61"), volume: 564_576 },
          },
        ],
      },
    });
  });

  it("has only a last price on a plan without quotes, and says so", async () => {
    const answer = await thatAnswers(tiingoSample).fetchSnapshots(tickers("BRK.B"));
    expect(answer).toMatchObject({
      value: {
        snapshots: [{ symbol: "BRK.B", quality: "tradeOnly", trade: { size: 0 } }],
      },
    });
    expect(answer).toHaveProperty("value.snapshots.0.quote", undefined);
  });

  it("takes one null side of a book for none, as elsewhere 0", async () => {
    const body = [{ ...spy, askPrice: null, askSize: null }];
    expect(await thatAnswers(body).fetchSnapshots(tickers("SPY"))).toMatchObject({
      value: { snapshots: [{ quote: { ask: 0, askSize: 0 } }] },
    });
  });

  it("names the field that vanished, although null is allowed there (defect 15)", async () => {
    const { bidPrice: _gone, ...rest } = spy!;
    const answer = await thatAnswers([rest, berkshire]).fetchSnapshots(tickers("SPY", "BRK.B"));
    expect(answer).toMatchObject({
      value: {
        snapshots: [{ symbol: "BRK.B" }],
        unreadable: [{ symbol: "SPY", reason: "bidPrice: expected a price or null" }],
      },
    });
  });

  it("tells an unknown symbol from an empty answer from an error", async () => {
    const none = await thatAnswers([]).fetchSnapshots(tickers("SPY"));
    expect(none).toMatchObject({ ok: true, value: { snapshots: [], missing: ["SPY"] } });
    const errors = [
      [{ detail: "Invalid token." }, "AUTH_ERROR"],
      [{ detail: "the-secret has run over its allocation." }, "RATE_LIMIT"],
      [{ detail: "Oops." }, "UNKNOWN"],
      [{}, "SCHEMA_ERROR"],
    ] as const;
    for (const [body, faultClass] of errors) {
      const answer = await thatAnswers(body).fetchSnapshots(tickers("SPY"));
      expect(answer).toMatchObject({ ok: false, error: { class: faultClass } });
      expect(JSON.stringify(answer)).not.toContain("the-secret");
    }
  });

  it("understands a limit that comes as text in an answer of status 200", async () => {
    const text = "Error: You have run over your hourly request allocation.";
    const limited = adapterOn("tiingo", () => answerWith(text));
    expect(await limited.fetchSnapshots(tickers("SPY"))).toMatchObject({
      ok: false,
      error: { class: "RATE_LIMIT" },
    });
  });

  it("has no volatility index", async () => {
    const index = await thatAnswers([]).fetchVolatilityIndex();
    expect(index).toEqual({ ok: true, value: undefined });
  });
});
