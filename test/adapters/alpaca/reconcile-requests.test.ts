import * as z from "zod";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAlpacaBroker } from "../../../shared/adapters/alpaca/broker.ts";
import type { HttpRequest } from "../../../shared/adapters/http/http-client.ts";
import { scalePrice } from "../../../shared/domain/market/price.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import type { Claim } from "../../../shared/domain/risk/control-cell.ts";
import type { Broker } from "../../../shared/ports/broker.ts";
import { lookUp, observeBroker } from "../../../shared/use-cases/observe-broker.ts";
import { claimOf } from "../../fixtures/claims.ts";
import { cellOf } from "../../fixtures/orders.ts";
import { approve, intentWith } from "../approved-intent.ts";
import { startExchangeWorld, SYMBOLS, type ExchangeWorld } from "../exchange-world.ts";

const DEADLINE_MS = 5_000;
/** Open orders, one page of what was sent, positions and the account. */
const REQUESTS = 4;

let world: ExchangeWorld;
let asked: HttpRequest[];
let broker: Broker;
let bars: number;

beforeEach(async () => {
  world = await startExchangeWorld();
  asked = [];
  bars = 0;
  const send = (request: HttpRequest) => {
    asked.push(request);
    return world.http.send(request);
  };
  broker = createAlpacaBroker({ ...world, http: { ...world.http, send } });
});
afterEach(() => world.close());

const send = async (intent: OrderIntent): Promise<OrderIntent> => {
  const outcome = await broker.submitOrder(approve(intent), DEADLINE_MS);
  expect(outcome.type).toBe("acknowledged");
  return intent;
};

/** Buys one share in a bracket that nothing reaches, which fills at once. */
const holdOne = async (): Promise<Claim> => {
  const symbol = SYMBOLS[bars % SYMBOLS.length]!;
  const ask = world.prices.quoteOf(symbol, world.clock.nowMs())!.ask;
  const intent = await send(
    intentWith(
      {
        symbol,
        quantity: shares(1),
        pricing: { type: "limit", limitPrice: scalePrice(ask, 1.02) },
        protection: { stopPrice: scalePrice(ask, 0.5), targetPrice: scalePrice(ask, 2) },
      },
      bars++,
    ),
  );
  return claimOf(intent, {
    stage: "protecting",
    filled: intent.quantity,
    claimedAtMs: world.clock.nowMs(),
  });
};

const hold = async (count: number): Promise<Record<string, Claim>> => {
  const claims: Record<string, Claim> = {};
  for (let each = 0; each < count; each++) {
    const claim = await holdOne();
    claims[claim.clientOrderId] = claim;
  }
  return claims;
};

const observe = async (inFlight: Record<string, Claim>) => {
  asked = [];
  const seen = await observeBroker({ broker, clock: world.clock }, cellOf({ inFlight }));
  if (!seen.ok) throw new Error(seen.error.detail);
  return seen.value;
};

describe("what reconciling asks of Alpaca", () => {
  it.each([3, 60])("is four requests with %i brackets, and tells of each leg", async (count) => {
    const inFlight = await hold(count);
    const { lookups } = await observe(inFlight);
    expect(asked).toHaveLength(REQUESTS);
    expect(lookups.size).toBe(count);
    for (const { clientOrderId } of Object.values(inFlight)) {
      expect(lookups.get(clientOrderId)).toEqual(await lookUp(broker, clientOrderId));
      expect(lookups.get(clientOrderId)).toMatchObject({ status: "filled", legs: [{}, {}] });
    }
  });

  it("skips what lies between brackets of long ago and of now", async () => {
    const old = await hold(2);
    for (let each = 0; each < 501; each++) {
      world.setNowMs(world.clock.nowMs() + 500);
      const symbol = SYMBOLS[2]!;
      const far = scalePrice(world.prices.quoteOf(symbol, world.clock.nowMs())!.ask, 0.5);
      const pricing = { type: "limit", limitPrice: far } as const;
      const resting = await send(intentWith({ symbol, quantity: shares(1), pricing }, bars++));
      const order = world.exchange.getOrderByClientOrderId(resting.clientOrderId);
      world.exchange.cancelOrder(order!.id, world.clock.nowMs());
    }
    world.setNowMs(world.clock.nowMs() + 120_000);
    const inFlight = { ...old, ...(await hold(2)) };
    const { lookups } = await observe(inFlight);
    expect(asked).toHaveLength(REQUESTS + 1);
    for (const { clientOrderId } of Object.values(inFlight)) {
      expect(lookups.get(clientOrderId)).toMatchObject({ legs: [{}, {}] });
    }
  });

  it("is a look-up of its own for an order that the list does not show", async () => {
    const inFlight = await hold(3);
    const never = claimOf(intentWith({}, bars++), { claimedAtMs: world.clock.nowMs() });
    const { lookups } = await observe({ ...inFlight, [never.clientOrderId]: never });
    expect(lookups.get(never.clientOrderId)).toBe("notFound");
    expect(asked.map(({ url }) => url).filter((url) => url.includes("by_client"))).toHaveLength(1);
  });

  it("leaves out what cannot be read or lacks its bracket, and denies nothing by it", async () => {
    const inFlight = await hold(3);
    const [odd, bare] = Object.values(inFlight);
    const damaged = createAlpacaBroker({
      ...world,
      http: {
        ...world.http,
        send: async (request) => {
          const answer = await world.http.send(request);
          if (answer.type !== "answer" || !request.url.includes("status=all")) return answer;
          const orders = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(answer.body));
          const body = orders.map((order) => {
            if (order["client_order_id"] === odd?.clientOrderId) return { ...order, side: "odd" };
            return order["client_order_id"] === bare?.clientOrderId
              ? { ...order, legs: null }
              : order;
          });
          return { ...answer, body: JSON.stringify(body) };
        },
      },
    });
    const seen = await observeBroker({ broker: damaged, clock: world.clock }, cellOf({ inFlight }));
    if (!seen.ok) throw new Error(seen.error.detail);
    for (const { clientOrderId } of Object.values(inFlight)) {
      expect(seen.value.lookups.get(clientOrderId)).toMatchObject({ legs: [{}, {}] });
    }
  });

  it("asks for none by itself where the list itself fails: they are not known", async () => {
    const inFlight = await hold(3);
    let requests = 0;
    const down: Broker = {
      ...broker,
      findOrders: async () => {
        requests += 1;
        const fault = {
          type: "VendorFault",
          vendor: "test",
          class: "NETWORK",
          detail: "",
        } as const;
        return { ok: false, error: fault };
      },
      findOrder: (id) => {
        requests += 1;
        return broker.findOrder(id);
      },
    };
    const seen = await observeBroker({ broker: down, clock: world.clock }, cellOf({ inFlight }));
    expect(requests).toBe(1);
    expect(seen.ok && [...seen.value.lookups.values()]).toEqual(
      Object.keys(inFlight).map(() => "unreadable"),
    );
  });
});
