import { describe, expect, it } from "vitest";
import { healthyBreaker, type Breaker } from "../../../shared/domain/breaker/breaker.ts";
import type { FeedRecord, FeedVendor } from "../../../shared/domain/market/feed-record.ts";
import type { ValidQuote } from "../../../shared/domain/market/quote.ts";
import { createReadBreakers } from "../../../shared/use-cases/read/read-breakers.ts";
import { createReadVendors } from "../../../shared/use-cases/read/read-vendors.ts";
import { NOW_MS, quoteOf } from "../../fixtures/orders.ts";
import { settings } from "../trading-account.ts";

const part = (vendor: FeedVendor["vendor"], change: Partial<FeedVendor> = {}): FeedVendor => ({
  vendor,
  outcome: "answered",
  reason: "",
  latencyMs: 20,
  quoteAgeMs: 500,
  failureShare: 0,
  oddShare: 0,
  p50Ms: 10,
  p95Ms: 20,
  requestsLeft: 90,
  requestsPerMinute: 100,
  answers: 5,
  answersOverKept: 4,
  ...change,
});

const feed = (vendors: readonly FeedVendor[], change: Partial<FeedRecord> = {}): FeedRecord => ({
  atMs: NOW_MS - 60_000,
  dataMode: "full",
  vendors,
  ...change,
});

const quote = (
  source: ValidQuote["source"],
  confirmedBy: ValidQuote["confirmedBy"],
): ValidQuote => ({
  ...quoteOf(),
  source,
  confirmedBy,
});

const clock = { nowMs: () => NOW_MS, monotonicMs: () => NOW_MS };

const read = (
  feeds: readonly FeedRecord[],
  more: {
    readonly quotes?: readonly ValidQuote[];
    readonly breakers?: Readonly<Record<string, Breaker>>;
  } = {},
) =>
  createReadVendors({
    telemetry: {
      loadFeed: async (shard) => feeds[shard],
      loadQuotes: async (shard) => (shard === 0 ? (more.quotes ?? []) : []),
    },
    breakers: recordsOf(more.breakers),
    clock,
    settings: { ...settings, shardSize: Math.ceil(settings.symbols.length / 2) },
  })();

const recordsOf = (breakers: Readonly<Record<string, Breaker>> = {}) => ({
  list: async () =>
    Object.entries(breakers).map(([name, breaker]) => ({ name, breaker, version: 1 })),
});

const OPEN: Breaker = {
  state: "open",
  generation: 1,
  trips: 1,
  sinceMs: NOW_MS - 5_000,
  untilMs: NOW_MS + 55_000,
  reason: "failuresInARow",
};

const scoreOf = async (change: Partial<FeedVendor>): Promise<number> =>
  (await read([feed([part("alpaca", change)])])).vendors[0]?.score ?? Number.NaN;

const readBreakers = (breakers: Readonly<Record<string, Breaker>>) =>
  createReadBreakers({
    telemetry: { loadTransitions: async () => [] },
    breakers: recordsOf(breakers),
    clock,
    settings,
  })();

describe("reading the vendors", () => {
  it("is empty, and not healthy, before the first poll", async () => {
    expect(await read([])).toMatchObject({ dataMode: null, keptAtMs: null, vendors: [] });
  });

  it("says what each one is used for now, and that a lost one is used for nothing", async () => {
    const view = await read(
      [feed([part("alpaca"), part("polygon"), part("yahoo", { outcome: "notNeeded" }), lost])],
      { quotes: [quote("alpaca", ["polygon"])], breakers: { "tiingo.snapshots": OPEN } },
    );
    expect(view.vendors.map(({ vendor, use }) => [vendor, use])).toEqual([
      ["alpaca", "prices"],
      ["polygon", "confirmation"],
      ["yahoo", "reserve"],
      ["tiingo", "none"],
    ]);
    expect(view.vendors.at(-1)).toMatchObject({ breaker: "open", probesAtMs: OPEN.untilMs });
    expect(view.vendors.map(({ dataAgeMs }) => dataAgeMs)).toEqual([1_000, 1_000, null, null]);
  });

  it("shows the worst of all shards, and adds up what can be added", async () => {
    const first = feed([part("alpaca", { oddShare: 0.25, p95Ms: 40 })], { dataMode: "cached" });
    const second = feed([part("alpaca", { outcome: "failed", reason: "503", p95Ms: null })]);
    const { vendors, dataMode } = await read([first, second]);
    expect(dataMode).toBe("cached");
    expect(vendors).toMatchObject([
      {
        outcome: "failed",
        reason: "503",
        p95Ms: 40,
        requestsPerMinute: 200,
        requestsUsed: 20,
        answers: 10,
        answersOverKept: 8,
      },
    ]);
  });

  it("gives 100 points to one without any fault, and fewer the more speaks against it", async () => {
    const none = { latencyMs: null, quoteAgeMs: null };
    const scores = [
      await scoreOf(none),
      await scoreOf({ ...none, latencyMs: 250 }),
      await scoreOf({ ...none, failureShare: 0.5 }),
      await scoreOf({ ...none, failureShare: 0.5, oddShare: 0.5 }),
    ];
    expect(scores[0]).toBe(100);
    expect(scores.toSorted((left, right) => right - left)).toEqual(scores);
    expect(new Set(scores).size).toBe(scores.length);
  });
});

const lost = part("tiingo", { outcome: "refused", reason: "Its breaker is open." });

describe("reading the breakers", () => {
  it("counts a vendor without a record as closed, and shows trouble first", async () => {
    const { breakers } = await readBreakers({ "yahoo.snapshots": OPEN });
    expect(breakers.map(({ name, state }) => [name, state])).toEqual([
      ["yahoo.snapshots", "open"],
      ["alpaca.snapshots", "closed"],
      ["polygon.snapshots", "closed"],
      ["tiingo.snapshots", "closed"],
    ]);
    expect(breakers[0]).toMatchObject({ nextProbeMs: OPEN.untilMs, reason: "failuresInARow" });
  });

  it("counts only probes whose lease still runs", async () => {
    const leases = [
      { number: 1, untilMs: NOW_MS },
      { number: 2, untilMs: NOW_MS + 1 },
    ];
    const { breakers } = await readBreakers({
      "alpaca.snapshots": {
        state: "halfOpen",
        generation: 2,
        trips: 1,
        sinceMs: NOW_MS,
        successes: 1,
        leases,
        nextLease: 3,
      },
    });
    expect(breakers[0]).toMatchObject({ state: "halfOpen", probesOut: 1, probesSucceeded: 1 });
  });

  it("has no shares where no call was counted", async () => {
    const { breakers } = await readBreakers({ "alpaca.snapshots": healthyBreaker(NOW_MS) });
    const alpaca = breakers.find(({ name }) => name === "alpaca.snapshots");
    expect(alpaca).toMatchObject({ calls: 0, failureShare: null, slowShare: null });
  });
});
