import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scalePrice, type Price } from "../../shared/domain/market/price.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../shared/domain/market/ticker.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import { isOrderOf } from "../../shared/use-cases/is-order-of.ts";
import { approve, intentWith } from "../adapters/approved-intent.ts";

/** A broker with an account of its own, during a session, with 100,000 USD and no position. */
export type BrokerWorld = {
  readonly broker: Broker;
  readonly nowMs: () => number;
  /** Lets the market go on. */
  readonly passMs: (ms: number) => void;
  /** A symbol that is traded, and what it costs now. */
  readonly symbol: Ticker;
  readonly askOf: (symbol: Ticker) => Price;
  readonly close: () => Promise<void>;
};

const DEADLINE_MS = 5_000;

/** What every adapter of the broker does. */
export const describeBroker = (name: string, startWorld: () => Promise<BrokerWorld>): void => {
  let world: BrokerWorld;
  let bars = 0;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const newIntent = (changes: Partial<OrderIntent> = {}): OrderIntent => {
    bars += 1;
    return intentWith({ symbol: world.symbol, ...changes }, bars);
  };
  /** Far below the market, so that it does not fill. */
  const resting = (): OrderIntent => {
    const limitPrice = scalePrice(world.askOf(world.symbol), 0.5);
    return newIntent({ pricing: { type: "limit", limitPrice } });
  };
  const submit = (intent: OrderIntent) => world.broker.submitOrder(approve(intent), DEADLINE_MS);
  const acknowledged = async (intent: OrderIntent) => {
    const outcome = await submit(intent);
    expect(outcome).toMatchObject({ type: "acknowledged" });
    if (outcome.type !== "acknowledged") throw new Error("The order was not acknowledged.");
    return outcome.order;
  };
  const openIds = async () => {
    const orders = await world.broker.listOpenOrders();
    return orders.ok ? orders.value.map((order) => order.brokerOrderId) : orders.error;
  };
  const found = async (intent: OrderIntent) => {
    const lookup = await world.broker.findOrder(intent.clientOrderId);
    return lookup.ok && lookup.value.type === "found" ? lookup.value.order : lookup;
  };

  describe(`${name}: a submission`, () => {
    it("is acknowledged with the order that was asked for, which is found by its id", async () => {
      const kinds = fc.record({
        quantity: fc.integer({ min: 1, max: 5 }).map(shares),
        isMarket: fc.boolean(),
        factor: fc.double({ min: 0.3, max: 1.02, noNaN: true }),
      });
      await fc.assert(
        fc.asyncProperty(kinds, async ({ quantity, isMarket, factor }) => {
          const limitPrice = scalePrice(world.askOf(world.symbol), factor);
          const intent = newIntent({
            quantity,
            pricing: isMarket ? { type: "market" } : { type: "limit", limitPrice },
          });
          const order = await acknowledged(intent);
          expect(isOrderOf(intent, order)).toBe(true);
          expect(await found(intent)).toMatchObject({ brokerOrderId: order.brokerOrderId });
        }),
        { numRuns: 20 },
      );
    });

    it("of an id that was used brings the order that has it, however it differs", async () => {
      const first = resting();
      const order = await acknowledged(first);
      const again = await submit({ ...first, quantity: shares(7) });
      expect(again).toMatchObject({
        type: "alreadyExists",
        order: { brokerOrderId: order.brokerOrderId, quantity: first.quantity },
      });
      expect(await openIds()).toEqual([order.brokerOrderId]);
    });

    it("of an id that was used is not accepted after the order is over either", async () => {
      const first = resting();
      const order = await acknowledged(first);
      await world.broker.cancelOrder(order.brokerOrderId);
      expect((await submit(first)).type).toBe("alreadyExists");
    });

    it("beyond the buying power is rejected with a code, and leaves nothing behind", async () => {
      const limitPrice = world.askOf(world.symbol);
      const intent = newIntent({ quantity: shares(5_000), pricing: { type: "limit", limitPrice } });
      const outcome = await submit(intent);
      expect(outcome).toMatchObject({ type: "rejected", code: "40310000" });
      expect(await found(intent)).toMatchObject({ value: { type: "notFound" } });
      expect(await openIds()).toEqual([]);
    });

    it("with no time left is not sent", async () => {
      const intent = resting();
      const outcome = await world.broker.submitOrder(approve(intent), 0);
      expect(outcome.type).toBe("notSent");
      expect(await found(intent)).toMatchObject({ value: { type: "notFound" } });
    });
  });

  describe(`${name}: an order`, () => {
    it("that nobody sent is not found", async () => {
      expect(await found(newIntent())).toEqual({ ok: true, value: { type: "notFound" } });
    });

    it("that rests is open until its cancellation is done", async () => {
      const intent = resting();
      const { brokerOrderId } = await acknowledged(intent);
      expect(await openIds()).toEqual([brokerOrderId]);
      expect(await world.broker.cancelOrder(brokerOrderId)).toEqual({ ok: true, value: undefined });
      world.passMs(1_000);
      expect(await openIds()).toEqual([]);
      expect(await found(intent)).toMatchObject({ status: "cancelled", filled: 0 });
    });

    it("that is over can be cancelled without a fault, one that never was cannot", async () => {
      const { brokerOrderId } = await acknowledged(resting());
      await world.broker.cancelOrder(brokerOrderId);
      world.passMs(1_000);
      expect((await world.broker.cancelOrder(brokerOrderId)).ok).toBe(true);
      const never = await world.broker.cancelOrder("00000000-0000-0000-0000-000000000000");
      expect(never.ok).toBe(false);
    });

    it("that fills becomes a position, paid for, and its sale makes it flat again", async () => {
      const before = await world.broker.readAccount();
      const bought = newIntent({ pricing: { type: "market" } });
      await acknowledged(bought);
      world.passMs(2_000);
      expect(await found(bought)).toMatchObject({
        status: "filled",
        filled: shares(2),
        averagePrice: expect.any(Number),
      });
      expect(await world.broker.listPositions()).toMatchObject({
        ok: true,
        value: [{ symbol: world.symbol, quantity: shares(2), available: shares(2) }],
      });
      const after = await world.broker.readAccount();
      expect(after.ok && before.ok && after.value.cash < before.value.cash).toBe(true);
      const sold = newIntent({ side: "sell", purpose: "exit", pricing: { type: "market" } });
      await acknowledged(sold);
      world.passMs(2_000);
      expect(await world.broker.listPositions()).toEqual({ ok: true, value: [] });
      const executions = await world.broker.listExecutions(0);
      const order = await world.broker.findOrder(bought.clientOrderId);
      const id = order.ok && order.value.type === "found" ? order.value.order.brokerOrderId : "";
      const ours = executions.ok
        ? executions.value.filter(({ brokerOrderId }) => brokerOrderId === id)
        : [];
      expect(ours.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(shares(2));
      expect(new Set(ours.map(({ executionId }) => executionId)).size).toBe(ours.length);
      const last = await world.broker.readClock();
      const later = last.ok ? last.value.atMs + 60_000 : Number.NaN;
      expect(await world.broker.listExecutions(later)).toEqual({ ok: true, value: [] });
    });

    it("that sells what is not held makes a negative position", async () => {
      await acknowledged(newIntent({ side: "sell", pricing: { type: "market" } }));
      world.passMs(2_000);
      expect(await world.broker.listPositions()).toMatchObject({
        ok: true,
        value: [{ quantity: shares(-2) }],
      });
    });
  });

  describe(`${name}: several orders asked for at once`, () => {
    it("are told as each one by itself, with their brackets, whatever became of them", async () => {
      const sinceMs = world.nowMs() - 60_000;
      const ask = world.askOf(world.symbol);
      const protection = { stopPrice: scalePrice(ask, 0.5), targetPrice: scalePrice(ask, 2) };
      const [filled, cancelled, works, other] = [
        newIntent({ pricing: { type: "market" }, protection }),
        resting(),
        resting(),
        newIntent({ pricing: { type: "market" } }),
      ];
      const { brokerOrderId } = await acknowledged(cancelled);
      await acknowledged(works);
      await acknowledged(other);
      // Last: while its bracket works, the broker takes no order of the entry's side.
      await acknowledged(filled);
      await world.broker.cancelOrder(brokerOrderId);
      world.passMs(2_000);
      const never = newIntent();
      const asked = [filled, cancelled, works, never].map(({ clientOrderId }) => ({
        clientOrderId,
        sinceMs,
      }));
      const told = await world.broker.findOrders(asked);
      if (!told.ok) throw new Error(told.error.detail);
      expect([...told.value.keys()].toSorted()).toEqual(
        [filled, cancelled, works].map(({ clientOrderId }) => clientOrderId).toSorted(),
      );
      for (const intent of [filled, cancelled, works]) {
        expect(told.value.get(intent.clientOrderId)).toEqual(await found(intent));
      }
      expect(told.value.get(filled.clientOrderId)).toMatchObject({
        status: "filled",
        legs: [{ filled: 0 }, { filled: 0 }],
      });
    });

    it("are none when none is asked for", async () => {
      await acknowledged(resting());
      expect(await world.broker.findOrders([])).toEqual({ ok: true, value: new Map() });
    });
  });

  describe(`${name}: a suspension`, () => {
    it("makes the broker refuse every order, and shows in the account", async () => {
      expect(await world.broker.suspendTrading()).toEqual({ ok: true, value: undefined });
      expect(await world.broker.suspendTrading()).toEqual({ ok: true, value: undefined });
      expect(await world.broker.readAccount()).toMatchObject({ value: { isBlocked: true } });
      const refused = newIntent();
      expect((await submit(refused)).type).toBe("rejected");
      expect(await openIds()).toEqual([]);
    });
  });

  describe(`${name}: the account and the clock`, () => {
    it("are read as whole units, and as of now", async () => {
      const account = await world.broker.readAccount();
      expect(account).toMatchObject({ ok: true, value: { isBlocked: false, canShort: true } });
      if (!account.ok) return;
      const { equity, lastEquity, cash, buyingPower } = account.value;
      for (const amount of [equity, lastEquity, cash, buyingPower]) {
        expect(Number.isSafeInteger(amount)).toBe(true);
      }
      const clock = await world.broker.readClock();
      expect(clock).toMatchObject({ ok: true, value: { isOpen: true } });
      if (!clock.ok) return;
      expect(Math.abs(clock.value.atMs - world.nowMs())).toBeLessThanOrEqual(60_000);
      expect(clock.value.nextCloseMs).toBeGreaterThan(world.nowMs());
      expect(clock.value.nextOpenMs).toBeGreaterThan(clock.value.nextCloseMs);
    });
  });
};
