import { existsSync, readFileSync, rmSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../../local/exchange/core/exchange.ts";
import type {
  RecordedDay,
  RecordedDays,
  RecordedSplit,
  RecordedSymbolDay,
} from "../../../local/recorded-days/recorded-day.ts";
import { readRecordedDays } from "../../../local/recorded-days/read-recorded-days.ts";
import { sessionOf } from "../../../shared/domain/market/calendar.ts";
import { moneyToFloat } from "../../../shared/domain/market/money.ts";
import { scalePrice, type Price } from "../../../shared/domain/market/price.ts";
import { quantityToFloat } from "../../../shared/domain/market/quantity.ts";
import type { Bar, Quote } from "../../../shared/domain/market/quote.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import type { Settings } from "../../../shared/domain/settings.ts";
import type { Broker } from "../../../shared/ports/broker.ts";
import { listRows, quoteRowsOf, tradeRowsOf } from "../../fixtures/recorded-rows.ts";
import { readSmallRecording, replay, settings, writeSmallRecording } from "./small-recording.ts";

const RECORDED = "../shared/data/recorded";
const DAILY = "../shared/data/daily";

/** Positions live over night, and stops are too far away for the market to reach them. */
const overNight: Settings = {
  ...settings,
  gate: { ...settings.gate, thresholds: { base: 0.5, canary: 0.5, champion: 0.5 } },
  entry: { ...settings.entry, stopRatio: 0.3, targetRatio: 0.3 },
  exit: {
    ...settings.exit,
    stopRatio: 0.3,
    targetRatio: 0.3,
    holdingMaxMs: 30 * 24 * 3_600_000,
    reversalScoreMin: Infinity,
    beforeCloseMs: undefined,
  },
};

/** The recording with its later days in new shares, as if the split had been in that night. */
const withSplit = (recorded: RecordedDays, split: Omit<RecordedSplit, "symbol">): RecordedDays => {
  const factor = split.oldShares / split.newShares;
  const [first, ...later] = recorded.days;
  const days = later.map((day, index): RecordedDay => ({
    ...day,
    symbols: new Map([...day.symbols].map(([symbol, one]) => [symbol, scaleDay(one, factor)])),
    ...(index === 0 ? { splits: recorded.symbols.map((symbol) => ({ ...split, symbol })) } : {}),
  }));
  return { ...recorded, days: [first!, ...days] };
};

const scaleDay = (day: RecordedSymbolDay, factor: number): RecordedSymbolDay => ({
  ...day,
  quotes: quoteRowsOf(
    day.symbol,
    listRows(day.quotes).map((quote) => scaleQuote(quote, factor)),
  ),
  trades: tradeRowsOf(
    day.symbol,
    listRows(day.trades).map((bar) => scaleTrades(bar, factor)),
  ),
});

const scaled = (price: Price, factor: number): Price =>
  price === 0 ? price : scalePrice(price, factor);

const scaleQuote = (quote: Quote, factor: number): Quote => ({
  ...quote,
  bid: scaled(quote.bid, factor),
  ask: scaled(quote.ask, factor),
  bidSize: Math.ceil(quote.bidSize / factor),
  askSize: Math.ceil(quote.askSize / factor),
});

const scaleTrades = (bar: Bar, factor: number): Bar => ({
  ...bar,
  open: scaled(bar.open, factor),
  high: scaled(bar.high, factor),
  low: scaled(bar.low, factor),
  close: scaled(bar.close, factor),
  volume: Math.ceil(bar.volume / factor),
});

/** Watches what is sent, and what was held when the first day was over. */
const createWatch = (recorded: RecordedDays) => {
  const secondOpensAtMs = sessionOf(recorded.days[1]!.date)!.opensAtMs;
  const secondDay: OrderIntent[] = [];
  const breaches: string[] = [];
  let exchange: Exchange | undefined;
  return {
    secondDay,
    breaches,
    exchange: () => exchange!,
    wrapBroker: (broker: Broker, inner: Exchange): Broker => {
      exchange = inner;
      return {
        ...broker,
        submitOrder: (approved, deadlineMs) => {
          const { order } = approved;
          if (order.decidedAtMs >= secondOpensAtMs) secondDay.push(order);
          const held = inner.getPosition(order.symbol)?.quantity ?? 0;
          if (order.purpose === "exit" && Math.abs(order.quantity) > Math.abs(held)) {
            breaches.push(`${order.clientOrderId} sells more than is held.`);
          }
          if (order.purpose === "entry" && held !== 0 && order.decidedAtMs >= secondOpensAtMs) {
            const { marketValue } = inner.getPosition(order.symbol)!;
            if (Math.abs(moneyToFloat(marketValue)) > 510) {
              breaches.push(`${order.clientOrderId} adds to a full position.`);
            }
          }
          return broker.submitOrder(approved, deadlineMs);
        },
      };
    },
  };
};

const judge = async (days: RecordedDays) => {
  const watch = createWatch(days);
  const result = await replay(days, { settings: overNight, wrapBroker: watch.wrapBroker });
  return { result, watch };
};

const forward = { newShares: 7, oldShares: 1 } as const;

const check = async (recorded: RecordedDays) => {
  const { result, watch } = await judge(recorded);
  // No latch: every price of the new day is believed, from its first on.
  expect(result.quotesRejected["changeTooLarge"] ?? 0).toBe(0);
  const reasons = watch.secondDay.flatMap(({ purpose, reason }) =>
    purpose === "exit" ? [reason] : [],
  );
  // No false stop, and no false target.
  expect(reasons.filter((reason) => /stop|target/.test(reason))).toEqual([]);
  expect(watch.breaches).toEqual([]);
  expect(result).toMatchObject({
    tradingState: "active",
    duplicateOrders: 0,
    unguardedOrders: 0,
    faults: [],
  });
  // Brackets stay with the positions that they protect.
  expect(result.differences.filter((words) => !words.includes("protecting"))).toEqual([]);
  const held = watch.exchange().listPositions();
  for (const position of held) {
    expect(quantityToFloat(position.quantity)).toBeGreaterThan(0);
    expect(moneyToFloat(position.marketValue)).toBeLessThan(700);
  }
  return { reasons, result, held };
};

describe("a 7:1 split between two recorded days", () => {
  let directory: string;
  let recorded: RecordedDays;
  beforeAll(() => {
    // From the open on: the first decisions come before the broker's positions are read.
    const firstMinute = 9 * 60 + 30;
    directory = writeSmallRecording({ days: ["20231120", "20231121"], firstMinute });
    recorded = readSmallRecording(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("changes nothing where the broker adjusts the brackets: positions stay as they were", async () => {
    const { reasons, result } = await check(
      withSplit(recorded, { ...forward, openOrders: "adjusted" }),
    );
    expect(reasons).toEqual([]);
    expect(result.fills).toBeGreaterThan(0);
  });

  it("closes once what the broker leaves without its bracket, and at no false stop", async () => {
    const { reasons } = await check(withSplit(recorded, { ...forward, openOrders: "cancelled" }));
    expect(reasons.length).toBeGreaterThan(0);
    expect(new Set(reasons)).toEqual(new Set(["unprotected"]));
  });

  it("is survived the other way round: a reverse split sells nothing that is not there", async () => {
    const reverse = { newShares: 1, oldShares: 2 } as const;
    await check(withSplit(recorded, { ...reverse, openOrders: "adjusted" }));
    await check(withSplit(recorded, { ...reverse, openOrders: "cancelled" }));
  });
});

describe.skipIf(!existsSync(RECORDED))("a 7:1 split between real days (needs the data)", () => {
  it("replays without a latch, a false stop or a doubled position", async () => {
    const read = readRecordedDays(RECORDED);
    if (!read.ok) throw new Error(read.error.sentence);
    const recorded = { ...read.value, days: read.value.days.slice(0, 2) };
    await check(withSplit(recorded, { ...forward, openOrders: "adjusted" }));
  });
});

/** AAPL's splits: the sessions on both sides of the night, and what one share became. */
const SPLITS = [
  ["20000620", "20000621", 2],
  ["20050225", "20050228", 2],
  ["20140606", "20140609", 7],
  ["20200828", "20200831", 4],
] as const;

/** A fifth of the real prices, so that a position of 500 USD is several shares; ratios stay. */
const LEVEL = 0.2;

/** The real prices of daily bars, in ten-thousandths, by `yyyymmdd`. */
const readDaily = (): ReadonlyMap<string, { readonly open: number; readonly close: number }> => {
  const text = strFromU8(unzipSync(readFileSync(`${DAILY}/aapl.zip`))["aapl.csv"]!);
  return new Map(
    text.split("\n").map((line) => {
      const [moment = "", open, , , close] = line.split(",");
      return [moment.slice(0, 8), { open: Number(open), close: Number(close) }];
    }),
  );
};

/** A day of which each symbol's prices are so many times as high. */
const rescale = (day: RecordedDay, factorOf: (one: RecordedSymbolDay) => number): RecordedDay => ({
  ...day,
  symbols: new Map([...day.symbols].map(([symbol, one]) => [symbol, scaleDay(one, factorOf(one))])),
});

/** Two made days of which the first ends at one price and the second begins at another. */
const meetPrices = (
  recorded: RecordedDays,
  closesAt: number,
  split: Omit<RecordedSplit, "symbol"> & { readonly opensAt: number },
): RecordedDays => {
  const { opensAt, ...ratio } = split;
  const [before, after] = recorded.days;
  const first = rescale(before!, ({ trades }) => closesAt / trades.at(trades.count - 1)!.close);
  const second = rescale(after!, ({ trades }) => opensAt / trades.at(0)!.open);
  const splits = recorded.symbols.map((symbol) => ({ ...ratio, symbol }));
  return { ...recorded, days: [first, { ...second, splits }] };
};

describe.skipIf(!existsSync(DAILY))("the splits of real daily prices (needs the data)", () => {
  it.each(SPLITS)(
    "from %s to %s is replayed without a latch, a false stop or a doubled position (%d:1)",
    async (before, after, newShares) => {
      const directory = writeSmallRecording({
        symbols: 2,
        days: [before, after],
        firstMinute: 9 * 60 + 30,
      });
      try {
        const prices = readDaily();
        const days = meetPrices(readSmallRecording(directory), prices.get(before)!.close * LEVEL, {
          newShares,
          oldShares: 1,
          openOrders: "adjusted",
          opensAt: prices.get(after)!.open * LEVEL,
        });
        const { held } = await check(days);
        expect(held).toHaveLength(2);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  );
});
