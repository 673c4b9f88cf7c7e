import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createExchangeApi } from "../../../local/exchange/api/exchange-api.ts";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { writeJson } from "../../../local/exchange/faults/write-json.ts";
import { createFaultControl } from "../../../local/exchange/faults/fault-control.ts";
import type { MarketFeed } from "../../../local/exchange/prices/market-feed.ts";
import { createRecordedFeed } from "../../../local/exchange/prices/recorded-feed.ts";
import { createSeededFeed } from "../../../local/exchange/prices/seeded-feed.ts";
import type { FeedVendor } from "../../../local/exchange/vendors/vendor-paths.ts";
import { readRecordedDays } from "../../../local/recorded-days/read-recorded-days.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import type { Bar, Snapshot } from "../../../shared/domain/market/quote.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import { snapshotsSample } from "../alpaca/wire-samples.ts";
import { answerWith, hasOnlyFiniteNumbers, mutatedJson } from "../mutated-json.ts";
import { VENDORS } from "../vendor-world.ts";
import { adapterOn, NOW_MS, tickers } from "./read-wire.ts";
import { polygonSample, tiingoSample, withNanoseconds, yahooSample } from "./wire-samples.ts";

/** Each property ends after so long, however slow the machine is; most end by their runs. */
const BOUNDS = { numRuns: 300, interruptAfterTimeLimit: 8_000 } as const;

const SPECIFICATIONS = "../shared/specs";
const RECORDED = "../shared/data/recorded";

const asked = tickers("SPY", "IBM", "BRK.B");

const pricesOfBar = (bar: Bar | undefined): readonly number[] =>
  bar === undefined ? [] : [bar.open, bar.high, bar.low, bar.close];

const pricesIn = (snapshot: Snapshot): readonly number[] =>
  [
    snapshot.quote?.bid,
    snapshot.quote?.ask,
    snapshot.trade?.price,
    snapshot.previousClose,
    ...pricesOfBar(snapshot.minuteBar),
    ...pricesOfBar(snapshot.dailyBar),
    ...pricesOfBar(snapshot.previousDailyBar),
  ].filter((price) => price !== undefined);

const countsIn = ({ quote, trade, minuteBar, dailyBar, previousDailyBar }: Snapshot) =>
  [
    quote?.bidSize,
    quote?.askSize,
    trade?.size,
    minuteBar?.volume,
    dailyBar?.volume,
    previousDailyBar?.volume,
  ].filter((count) => count !== undefined);

/** Every number that the text holds as a number, in ten-thousandths; 0 stands for none. */
const unitsIn = (text: string): ReadonlySet<number> => {
  const units = new Set([0]);
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === "number") units.add(Math.round(value * 10_000));
    return value;
  });
  return units;
};

/** A named reason for what is not there, and no number that was not on the wire as one. */
const expectHonest = async (
  vendor: FeedVendor,
  body: string,
  symbols: readonly Ticker[],
  nowMs: number,
): Promise<void> => {
  const adapter = adapterOn(vendor, () => answerWith(body), nowMs);
  const answer = await adapter.fetchSnapshots(symbols);
  expect(hasOnlyFiniteNumbers(answer)).toBe(true);
  const index = await adapter.fetchVolatilityIndex();
  expect(hasOnlyFiniteNumbers(index)).toBe(true);
  if (!index.ok) expect(index.error.detail).not.toBe("");
  if (!answer.ok) {
    expect(answer.error.detail).not.toBe("");
    return;
  }
  const { snapshots, missing, unreadable = [], failed = [] } = answer.value;
  const told = [...snapshots, ...unreadable, ...failed].map(({ symbol }) => symbol);
  expect([...told, ...missing].toSorted()).toEqual(symbols.toSorted());
  for (const { reason } of unreadable) expect(reason).toMatch(/^\S.*\S$/);
  for (const { fault } of failed) expect(fault.detail).not.toBe("");
  if (snapshots.length === 0) return;
  expect(snapshots.flatMap(countsIn).every((count) => count >= 0)).toBe(true);
  const units = unitsIn(body);
  for (const price of snapshots.flatMap(pricesIn)) {
    expect(Number.isSafeInteger(price) && price >= 0).toBe(true);
    expect(units.has(price)).toBe(true);
  }
};

const expectHonestWith = (vendor: FeedVendor, sample: unknown, nowMs: number, symbols = asked) =>
  fc.assert(
    fc.asyncProperty(mutatedJson(sample), (text) =>
      // Larger than any number: JSON has a way to write it, which a host reads as Infinity.
      expectHonest(vendor, withNanoseconds(text).replaceAll('"1e999"', "1e999"), symbols, nowMs),
    ),
    BOUNDS,
  );

const samples: Readonly<Record<FeedVendor, unknown>> = {
  alpaca: snapshotsSample,
  polygon: polygonSample,
  tiingo: tiingoSample,
  yahoo: yahooSample,
};

/**
 * What a field may hold by mistake; some of it is beyond what a number, a price or a time can be.
 */
const JUNK: readonly unknown[] = [
  null,
  true,
  "",
  "1",
  "NaN",
  "1e999",
  [],
  {},
  [null],
  0,
  -1,
  5e-324,
  0.00005,
  1e15,
  1e308,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  -(2 ** 63),
  "2013-02-30T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
];

/**
 * The sample with one place gone, or with junk there: each of its places in turn, and its parts.
 */
const spoilt = function* (sample: unknown): Generator {
  yield undefined;
  yield* JUNK;
  if (typeof sample !== "object" || sample === null) return;
  for (const key of Object.keys(sample)) {
    for (const part of spoilt(Reflect.get(sample, key))) {
      // What is undefined is left out of an object, and is null in a list.
      yield Array.isArray(sample) ? sample.with(Number(key), part) : { ...sample, [key]: part };
    }
  }
};

describe("each single field of a vendor's answer", () => {
  it.each(VENDORS)("that holds anything else leaves %s honest", async (vendor) => {
    for (const answer of spoilt(samples[vendor])) {
      const text = withNanoseconds(JSON.stringify(answer) ?? "").replaceAll('"1e999"', "1e999");
      await expectHonest(vendor, text, asked, NOW_MS);
    }
  });
});

describe("whatever a vendor writes in place of its own answer", () => {
  it.each(VENDORS)("%s gives honest values or named reasons", (vendor) =>
    expectHonestWith(vendor, samples[vendor], NOW_MS),
  );

  it.each(VENDORS)("%s does so for any JSON, and for any text", async (vendor) => {
    const text = fc.oneof(fc.json({ maxDepth: 4 }), fc.string({ unit: "binary", maxLength: 80 }));
    await fc.assert(
      fc.asyncProperty(text, (body) => expectHonest(vendor, body, asked, NOW_MS)),
      BOUNDS,
    );
  });
});

const PATHS: Readonly<Record<FeedVendor, (symbols: readonly Ticker[]) => string>> = {
  alpaca: (symbols) => `/v2/stocks/snapshots?symbols=${symbols.join(",")}`,
  polygon: (symbols) =>
    `/v2/snapshot/locale/us/markets/stocks/tickers?tickers=${symbols.join(",")}`,
  tiingo: (symbols) => `/iex?tickers=${symbols.join(",")}`,
  yahoo: ([symbol]) => `/v8/finance/chart/${symbol}`,
};

/** What the exchange answers on a feed; its long numbers are text, as the samples' are. */
const answersOf = (feed: MarketFeed, nowMs: number) => {
  const answer = createExchangeApi({
    exchange: createExchange({ name: "fuzz", startsAtMs: nowMs, startingCash: usd(1_000) }),
    feed,
    flowRoutes: [],
    credentials: {
      alpacaKeyId: "k",
      alpacaSecretKey: "s",
      unusualWhalesToken: "t",
      polygonKey: "p",
      tiingoToken: "t",
    },
    faults: createFaultControl(() => 0),
    requestsPerMinute: 1_000,
  });
  return (vendor: FeedVendor, symbols: readonly Ticker[]): unknown => {
    const url = new URL(`http://exchange${PATHS[vendor](symbols)}`);
    const authorization = vendor === "polygon" ? "Bearer p" : "Token t";
    const headers = { "apca-api-key-id": "k", "apca-api-secret-key": "s", authorization };
    const { pathname: path, searchParams: query } = url;
    const { status, body } = answer({ method: "GET", path, query, headers, body: "" }, nowMs);
    expect(status).toBe(200);
    return JSON.parse(writeJson(body ?? null).replaceAll(/:(\d{18,19})(?=[,}])/g, ':"$1"'));
  };
};

describe("whatever becomes of the simulated exchange's answers", () => {
  const symbols = tickers("SPY", "IBM");
  it.each(VENDORS)("%s gives honest values or named reasons", async (vendor) => {
    const nowMs = Date.UTC(2024, 2, 4, 15, 7, 11);
    const answers = answersOf(createSeededFeed({ seed: "fuzz", symbols }), nowMs);
    await expectHonestWith(vendor, answers(vendor, symbols), nowMs, symbols);
  });
});

describe.skipIf(!existsSync(RECORDED))(
  "whatever becomes of recorded days (skipped where none are beside the project)",
  () => {
    const symbols = tickers("SPY", "IBM");
    let feed: MarketFeed | undefined;
    beforeAll(() => {
      const days = readRecordedDays(RECORDED, { symbols });
      if (!days.ok) throw new Error("The recorded days cannot be read.");
      feed = createRecordedFeed(days.value);
    });
    afterAll(() => {
      feed = undefined;
    });
    it.each(VENDORS)("%s gives honest values or named reasons", async (vendor) => {
      const nowMs = NOW_MS + 3_600_000;
      const answers = answersOf(feed!, nowMs);
      await expectHonestWith(vendor, answers(vendor, symbols), nowMs, symbols);
    });
  },
);

/** A specification whose long numbers are text, as the samples' are. */
const readSpecification = (file: string): unknown =>
  JSON.parse(
    readFileSync(`${SPECIFICATIONS}/${file}`, "utf8").replaceAll(
      /:\s*(\d{18,19})(?=\s*[,}])/g,
      ':"$1"',
    ),
  );

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((part, key) => Reflect.get(Object(part), key), value);

describe.skipIf(!existsSync(SPECIFICATIONS))(
  "whatever becomes of the specifications' examples (skipped where none are beside the project)",
  () => {
    const content = ["get", "responses", "200", "content", "application/json"];

    it("polygon gives honest values or named reasons", () => {
      const path = "/v2/snapshot/locale/us/markets/stocks/tickers";
      const example = at(
        readSpecification("massive-polygon-openapi.json"),
        "paths",
        path,
        ...content,
        "example",
      );
      return expectHonestWith("polygon", example, 1_605_192_960_000, tickers("BCAT"));
    });

    it("alpaca gives honest values or named reasons", () => {
      const specification = readSpecification("alpaca-market-data-api.json");
      const examples = at(specification, "paths", "/v2/stocks/snapshots", ...content, "examples");
      const example = at(examples, "snapshots", "value");
      return expectHonestWith("alpaca", example, NOW_MS, tickers("AAPL", "TSLA"));
    });
  },
);
