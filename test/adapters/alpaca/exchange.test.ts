import { describe, expect, it } from "vitest";
import { createExchangeBroker } from "../../../local/exchange/ports-broker.ts";
import { createMarketDriver } from "../../../local/exchange/market-driver.ts";
import { createAlpacaBroker } from "../../../shared/adapters/alpaca/broker.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { describeBroker } from "../../contracts/broker.ts";
import { approve, intentWith } from "../approved-intent.ts";
import { startExchangeWorld, SYMBOLS, type ExchangeWorld } from "../exchange-world.ts";

const [symbol] = SYMBOLS;

describeBroker("Alpaca's adapter and the simulated exchange", async () => {
  const world = await startExchangeWorld();
  return {
    broker: createAlpacaBroker(world),
    nowMs: world.clock.nowMs,
    passMs: (ms) => world.setNowMs(world.clock.nowMs() + ms),
    symbol: symbol!,
    askOf: (asked) => world.prices.quoteOf(asked, world.clock.nowMs())!.ask,
    close: world.close,
  };
});

describeBroker("The exchange in the same process", async () => {
  const world = await startExchangeWorld();
  const drive = createMarketDriver(world.exchange, world.prices);
  drive(world.clock.nowMs());
  return {
    broker: createExchangeBroker(world.exchange, world.clock),
    nowMs: world.clock.nowMs,
    passMs: (ms) => {
      world.setNowMs(world.clock.nowMs() + ms);
      drive(world.clock.nowMs());
    },
    symbol: symbol!,
    askOf: (asked) => world.prices.quoteOf(asked, world.clock.nowMs())!.ask,
    close: world.close,
  };
});

const inWorld = async (act: (world: ExchangeWorld) => Promise<void>): Promise<void> => {
  const world = await startExchangeWorld();
  try {
    await act(world);
  } finally {
    await world.close();
  }
};

describe("the broker under the exchange's faults", () => {
  const intent = intentWith({ pricing: { type: "limit", limitPrice: parsePrice("50")! } });
  it.each(["dropAnswer", "errorAfter"] as const)(
    "does not know the fate of an order that landed under %s, and finds it afterwards",
    (name) =>
      inWorld(async (world) => {
        world.faults.arm({ name, probability: 1, times: 1, status: 500 });
        const broker = createAlpacaBroker(world);
        expect((await broker.submitOrder(approve(intent), 1_000)).type).toBe("unknown");
        expect(await broker.findOrder(intent.clientOrderId)).toMatchObject({
          ok: true,
          value: { type: "found" },
        });
        const again = await broker.submitOrder(approve(intent), 1_000);
        expect(again.type).toBe("alreadyExists");
        expect(
          world.exchange.listOrders({ status: "all", limit: 10, direction: "asc" }),
        ).toHaveLength(1);
      }),
  );

  it("does not know the fate of an order that did not land under errorBefore", () =>
    inWorld(async (world) => {
      const fault = { name: "errorBefore", probability: 1, times: 1, status: 503 } as const;
      world.faults.arm(fault);
      const broker = createAlpacaBroker(world);
      expect((await broker.submitOrder(approve(intent), 1_000)).type).toBe("unknown");
      expect(await broker.findOrder(intent.clientOrderId)).toEqual({
        ok: true,
        value: { type: "notFound" },
      });
    }));

  it("does not know the fate of an order whose answer comes after the deadline", () =>
    inWorld(async (world) => {
      world.faults.arm({ name: "lateAnswer", delayMs: 60_000, probability: 1, times: 1 });
      const broker = createAlpacaBroker(world);
      expect((await broker.submitOrder(approve(intent), 100)).type).toBe("unknown");
      expect((await broker.submitOrder(approve(intent), 1_000)).type).toBe("alreadyExists");
    }));

  it("lists more open orders than one page holds, each once and in their order", () =>
    inWorld(async (world) => {
      const ids: string[] = [];
      for (let count = 0; count < 1_100; count++) {
        const { clientOrderId, quantity, side } = intentWith({}, count);
        const limitPrice = parsePrice("1")!;
        const request = { symbol: symbol!, side, type: "limit", timeInForce: "day" } as const;
        // Three orders of each millisecond.
        const submitted = world.exchange.submitOrder(
          { ...request, quantity, limitPrice, clientOrderId },
          world.clock.nowMs() + Math.floor(count / 3),
        );
        if (submitted.ok) ids.push(clientOrderId);
      }
      world.setNowMs(world.clock.nowMs() + 1_000);
      const open = await createAlpacaBroker(world).listOpenOrders();
      expect(open.ok && open.value.map((order) => order.clientOrderId)).toEqual(ids);
      expect(ids).toHaveLength(1_100);
    }));

  it("calls no order rejected that hides from look-ups", () =>
    inWorld(async (world) => {
      const hide = { name: "hideOrder", forMs: 10_000, probability: 1, times: 1 } as const;
      world.faults.arm(hide);
      const broker = createAlpacaBroker(world);
      await broker.submitOrder(approve(intent), 1_000);
      expect((await broker.submitOrder(approve(intent), 1_000)).type).toBe("unknown");
      world.setNowMs(world.clock.nowMs() + 20_000);
      expect((await broker.submitOrder(approve(intent), 1_000)).type).toBe("alreadyExists");
    }));

  it("knows that nothing was sent under a rate limit, and that a wash trade is a rejection", () =>
    inWorld(async (world) => {
      const broker = createAlpacaBroker(world);
      world.faults.arm({ name: "rateLimit", probability: 1, times: 1 });
      expect(await broker.submitOrder(approve(intent), 1_000)).toMatchObject({
        type: "notSent",
        retryAtMs: expect.any(Number),
      });
      world.faults.arm({ name: "washTrade", probability: 1, times: 1 });
      expect(await broker.submitOrder(approve(intent), 1_000)).toMatchObject({
        type: "rejected",
        code: "40310000",
      });
    }));

  it.each(["equity", "buying_power", "trading_blocked"])(
    "names the field when %s leaves the account or changes its type",
    (field) =>
      inWorld(async (world) => {
        const broker = createAlpacaBroker(world);
        for (const name of ["removeField", "changeType"] as const) {
          const fault = {
            name,
            field,
            probability: 1,
            times: 1,
            route: "GET /v2/account",
          } as const;
          world.faults.arm(fault);
          expect(await broker.readAccount()).toMatchObject({
            ok: false,
            error: { class: "SCHEMA_ERROR", detail: expect.stringContaining(field) },
          });
        }
        expect((await broker.readAccount()).ok).toBe(true);
      }),
  );
});
