import { describe, expect, it } from "vitest";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import type { Approved } from "../../../shared/domain/risk/guard.ts";
import { createEngine } from "../../../simulation/engine/engine.ts";
import type { FaultKind } from "../../../simulation/faults/fault-kind.ts";
import { createBrokerSide } from "../../../simulation/world/broker-side.ts";
import { createSimulatedBroker } from "../../../simulation/world/simulated-broker.ts";
import { intentOf, NOW_MS, price } from "../../fixtures/orders.ts";
import { faultsOf } from "../still-faults.ts";

const DEADLINE_MS = 10_000;

const brokerOf = (kinds: readonly FaultKind[]) => {
  const engine = createEngine(NOW_MS, () => undefined);
  const exchange = createExchange({
    name: "test",
    startsAtMs: NOW_MS,
    startingCash: usd(100_000),
  });
  const { symbol } = intentOf();
  exchange.onQuote(
    { symbol, bid: price("100.00"), ask: price("100.02"), bidSize: 50, askSize: 50 },
    NOW_MS,
  );
  const side = createBrokerSide(exchange, engine);
  const faults = faultsOf(kinds);
  const observed: string[] = [];
  const observe = ({ type }: { readonly type: string }): void => void observed.push(type);
  const broker = createSimulatedBroker({ engine, faults, observe, side });
  const actor = { region: "us-east-1", functionName: "execute-orders", invocation: 1 } as const;
  const invocation = { actor, endsAtMs: Infinity, isDead: false, isOver: false, isZombie: false };
  const place = faults.placeOf("broker");
  const callNow = () => ({
    occasion: place.pass(engine.nowMs()),
    where: "broker",
    invocation,
    calledAtMs: engine.nowMs(),
  });
  /** Waits for an answer in virtual time, and says how long it took. */
  const answered = async <Answer>(asked: Promise<Answer>) => {
    const fromMs = engine.nowMs();
    let tookMs: number | undefined;
    const noted = asked.then((answer) => {
      tookMs = engine.nowMs() - fromMs;
      return answer;
    });
    await engine.run(fromMs + 300_000);
    return { answer: await noted, tookMs: tookMs ?? -1 };
  };
  const submit = () => {
    const approved = { order: intentOf(), price: price("100.00"), cellVersion: 1 };
    // Only the guard makes the brand; the exchange is asked past it here.
    return answered(broker.submit(callNow(), approved as Approved<OrderIntent>, DEADLINE_MS));
  };
  const find = () =>
    answered(
      broker.read(callNow(), "find", (direct) => direct.findOrder(intentOf().clientOrderId)),
    );
  const taken = (): boolean =>
    exchange.getOrderByClientOrderId(intentOf().clientOrderId) !== undefined;
  return { engine, exchange, side, broker, submit, find, taken, observed, callNow, answered };
};

describe("the simulated broker, asked for an order", () => {
  it.each([
    { kinds: [], outcome: "acknowledged", isTaken: true },
    { kinds: ["order-request-lost"], outcome: "unknown", isTaken: false },
    { kinds: ["order-request-late"], outcome: "unknown", isTaken: true },
    { kinds: ["order-answer-lost"], outcome: "unknown", isTaken: true },
    { kinds: ["broker-5xx"], outcome: "unknown", isTaken: false },
    { kinds: ["broker-5xx-after"], outcome: "unknown", isTaken: true },
    { kinds: ["broker-schema"], outcome: "unknown", isTaken: true },
    { kinds: ["broker-429"], outcome: "notSent", isTaken: false },
    { kinds: ["broker-401"], outcome: "unauthorized", isTaken: false },
    { kinds: ["broker-403"], outcome: "rejected", isTaken: false },
    { kinds: ["broker-422"], outcome: "rejected", isTaken: false },
  ] as const)(
    "with $kinds answers $outcome; taken: $isTaken",
    async ({ kinds, outcome, isTaken }) => {
      const { submit, taken } = brokerOf(kinds);
      const { answer, tookMs } = await submit();
      expect(answer.type).toBe(outcome);
      expect(taken()).toBe(isTaken);
      expect(tookMs).toBeLessThanOrEqual(DEADLINE_MS);
    },
  );

  it("takes a late request after its sender has given up", async () => {
    const { engine, taken, broker, callNow } = brokerOf(["order-request-late"]);
    const approved = { order: intentOf(), price: price("100.00"), cellVersion: 1 };
    const asked = broker.submit(callNow(), approved as Approved<OrderIntent>, DEADLINE_MS);
    await engine.run(NOW_MS + DEADLINE_MS);
    expect([(await asked).type, taken()]).toEqual(["unknown", false]);
    await engine.run(NOW_MS + 300_000);
    expect(taken()).toBe(true);
  });

  it("hides an order it has taken for a while", async () => {
    const { engine, submit, find } = brokerOf(["order-hidden"]);
    const asked = submit();
    await engine.run(NOW_MS + 1_000);
    const early = find();
    await engine.run(NOW_MS + 1_500);
    expect((await early).answer).toEqual({ ok: true, value: { type: "notFound" } });
    await asked;
    expect((await find()).answer).toMatchObject({ value: { type: "found" } });
  });

  it("fills an order late that it has cancelled", async () => {
    const { exchange, broker, submit, answered, callNow } = brokerOf(["fill-after-cancel"]);
    await submit();
    const order = exchange.getOrderByClientOrderId(intentOf().clientOrderId);
    await answered(broker.cancel(callNow(), order?.id ?? ""));
    expect(exchange.listFills().length).toBeGreaterThan(0);
  });
});

describe("the simulated broker, asked a question", () => {
  it.each([
    { kinds: ["broker-5xx"], fault: "NETWORK" },
    { kinds: ["broker-429"], fault: "RATE_LIMIT" },
    { kinds: ["broker-schema"], fault: "SCHEMA_ERROR" },
  ] as const)("fails with $kinds as a fault of class $fault", async ({ kinds, fault }) => {
    const { answer } = await brokerOf(kinds).find();
    expect(answer).toMatchObject({ ok: false, error: { class: fault } });
  });

  it("gives no answer while nobody gets through", async () => {
    const { side, find, submit, taken } = brokerOf([]);
    side.outageUntilMs = NOW_MS + 600_000;
    expect((await find()).answer).toMatchObject({ ok: false, error: { class: "NETWORK" } });
    expect((await submit()).answer.type).toBe("unknown");
    expect(taken()).toBe(false);
  });
});
