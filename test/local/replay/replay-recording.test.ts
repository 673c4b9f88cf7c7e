import { existsSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSeededRandom } from "../../../shared/adapters/host/seeded-random.ts";
import type { Broker } from "../../../shared/ports/broker.ts";
import type { Exchange } from "../../../local/exchange/core/exchange.ts";
import { readRecordedDays } from "../../../local/recorded-days/read-recorded-days.ts";
import type { RecordedDays } from "../../../local/recorded-days/recorded-day.ts";
import { drawRecordedFlow } from "../../../local/replay/recorded-flow.ts";
import { readSmallRecording, replay, writeSmallRecording } from "./small-recording.ts";

const RECORDED = "../shared/data/recorded";

describe("replaying two days of five symbols, the first a half day", () => {
  let directory: string;
  let recorded: RecordedDays;
  beforeAll(() => {
    directory = writeSmallRecording();
    recorded = readSmallRecording(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("trades, and every order stands once and under a claim", async () => {
    const result = await replay(recorded);
    expect(result).toMatchObject({
      mode: "sim",
      flow: "seeded",
      days: ["2023-11-24", "2023-11-27"],
      quotes: recorded.rowsRead / 2,
      duplicateOrders: 0,
      unguardedOrders: 0,
      tradingState: "active",
      faults: [],
      isStopped: false,
    });
    expect(result.symbols).toHaveLength(5);
    expect(result.fills).toBeGreaterThan(0);
    expect(result.orders).toBe(result.approved);
    const denied = Object.values(result.denied).reduce((sum, count) => sum + count, 0);
    expect(result.intents).toBeLessThanOrEqual(result.approved + denied);
  });

  it("leaves the ledger and the exchange with the same positions and the same cash", async () => {
    expect((await replay(recorded)).differences).toEqual([]);
  });

  it("gives the same trace for the same seed, and another for another seed", async () => {
    const [first, again, other] = [
      await replay(recorded, { seed: 5 }),
      await replay(recorded, { seed: 5 }),
      await replay(recorded, { seed: 6 }),
    ];
    expect(again).toEqual(first);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it("is the same whether its flow is drawn ahead or as each day begins", async () => {
    const ahead = await replay(recorded, { seed: 5, flow: drawRecordedFlow(recorded, 5) });
    expect(ahead).toEqual(await replay(recorded, { seed: 5 }));
  });

  it("stops between two minutes when it is told to, and says so", async () => {
    let minutes = 0;
    const result = await replay(recorded, { isStopped: () => ++minutes > 60 });
    expect(result.isStopped).toBe(true);
    expect(result.quotes).toBeLessThan(recorded.rowsRead / 2);
  });

  it("sends nothing twice when answers of the broker are lost, and settles what became of it", async () => {
    const result = await replay(recorded, { wrapBroker: loseSomeAnswers });
    expect(result).toMatchObject({ duplicateOrders: 0, unguardedOrders: 0, differences: [] });
    expect(result.fills).toBeGreaterThan(0);
  });

  it("sends nothing twice when the broker turns requests away", async () => {
    const result = await replay(recorded, { wrapBroker: refuseSomeRequests });
    expect(result).toMatchObject({ duplicateOrders: 0, unguardedOrders: 0, differences: [] });
    expect(result.fills).toBeGreaterThan(0);
  });

  it("finds every order that was sent again under another name", async () => {
    const result = await replay(recorded, { wrapBroker: sendTwice });
    expect(result.duplicateOrders).toBeGreaterThan(0);
    expect(result.duplicateOrders).toBe(result.orders - result.approved);
    // No claim stands for the second name either.
    expect(result.unguardedOrders).toBe(result.duplicateOrders);
    expect(result.tradingState).not.toBe("active");
  });
});

/** Every third submission lands and its answer is lost; every fifth is lost on the way. */
const loseSomeAnswers = (broker: Broker): Broker => {
  const random = createSeededRandom(3);
  return {
    ...broker,
    submitOrder: async (approved, deadlineMs) => {
      const draw = random.next();
      if (draw < 0.2) return { type: "unknown", detail: "The request was lost." };
      const outcome = await broker.submitOrder(approved, deadlineMs);
      return draw < 0.5 ? { type: "unknown", detail: "The answer was lost." } : outcome;
    },
  };
};

const refuseSomeRequests = (broker: Broker): Broker => {
  const random = createSeededRandom(4);
  return {
    ...broker,
    submitOrder: async (approved, deadlineMs) =>
      random.next() < 0.3
        ? { type: "notSent", detail: "Too many requests." }
        : broker.submitOrder(approved, deadlineMs),
  };
};

/** The bug that the counts are there for: an entry is sent again under a name of its own. */
const sendTwice = (broker: Broker, exchange: Exchange): Broker => ({
  ...broker,
  submitOrder: async (approved, deadlineMs) => {
    const { symbol, side, quantity, clientOrderId } = approved.order;
    const again = { symbol, side, quantity, type: "market", timeInForce: "day" } as const;
    if (side === "buy") {
      exchange.submitOrder(
        { ...again, clientOrderId: clientOrderId.replace(/_0$/, "_1") },
        exchange.nowMs(),
      );
    }
    return broker.submitOrder(approved, deadlineMs);
  },
});

const replayOf = async (shape: Parameters<typeof writeSmallRecording>[0]) => {
  const directory = writeSmallRecording({ symbols: 3, ...shape });
  try {
    return await replay(readSmallRecording(directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

describe("a recording that is not a whole regular day", () => {
  it("is flat at the early close of a half day", async () => {
    const result = await replayOf({ days: ["20231124"], lastMinute: 13 * 60 });
    expect(result.fills).toBeGreaterThan(0);
    expect(result.fills % 2).toBe(0);
    expect(result.differences).toEqual([]);
    expect(result.tradingState).toBe("active");
  });

  it("closes on the next day what the end of the rows left open", async () => {
    const result = await replayOf({ lastMinute: 11 * 60 });
    expect(result.differences).toEqual([]);
    expect(result.duplicateOrders + result.unguardedOrders).toBe(0);
  });

  it("trades nothing on a day without a session", async () => {
    const result = await replayOf({ days: ["20240302"] });
    expect(result).toMatchObject({ scored: 0, orders: 0, tradingState: "unopened", faults: [] });
    expect(result.quotes).toBeGreaterThan(0);
  });
});

describe("the recorded days of October 2013", () => {
  it.skipIf(!existsSync(RECORDED))(
    `trades five days of four symbols, twice the same (needs ${RECORDED})`,
    async () => {
      const read = readRecordedDays(RECORDED);
      if (!read.ok) throw new Error(read.error.sentence);
      const first = await replay(read.value);
      expect(first.days).toHaveLength(5);
      expect(first.symbols).toEqual(["AIG", "BAC", "IBM", "SPY"]);
      expect(first.fills).toBeGreaterThan(0);
      expect(first).toMatchObject({ duplicateOrders: 0, unguardedOrders: 0, differences: [] });
      expect(await replay(read.value)).toEqual(first);
    },
  );
});
