import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usd } from "../../shared/domain/market/money.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { isLiveStatus } from "../../shared/domain/orders/broker-state.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { err } from "../../shared/domain/result.ts";
import { createExecuteOrder } from "../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { cellOf, holding, IBM, intentOf, price } from "../fixtures/orders.ts";
import { boughtBefore } from "./attacks/scene.ts";
import { openAccount, runOnce } from "./trading-account.ts";

const TIME = { remainingMs: () => 10_000 };
const EXIT = { side: "sell", purpose: "exit" } as const;

describe("what really happened to others", () => {
  it("story 1: an order whose answer timed out is not sent again, though it comes every 11 s", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    for (let delivery = 0; delivery < 5; delivery++) {
      await runOnce(() => account.execute(intentOf(), TIME));
      account.advance(11_000);
    }
    expect(account.posts()).toBe(1);
    expect(account.taken).toHaveLength(1);
    await account.reconcile();
    expect((await account.cell()).inFlight[intentOf().clientOrderId]?.stage).toBe("working");
  });

  it("story 1: what reconciliation settles is proof that no order is lost", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf(), TIME);
    const newest = async () => (await account.telemetry.loadEvidence("execute-orders", 1))[0];
    expect(await newest()).toMatchObject({ succeeded: false });
    account.setBrokerDown(true);
    account.advance(60_000);
    await account.reconcile();
    expect(await newest()).toMatchObject({ succeeded: false });
    account.setBrokerDown(false);
    account.advance(60_000);
    await account.reconcile();
    expect(await newest()).toMatchObject({
      succeeded: true,
      detail: "1 unknown orders were settled.",
    });
  });

  it("story 2: an order is remembered while the broker is silent for ten minutes", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf(), TIME);
    account.setBrokerDown(true);
    for (let minute = 0; minute < 10; minute++) {
      account.advance(60_000);
      expect(await account.reconcile()).toMatchObject({ isClean: false });
      expect((await account.cell()).inFlight[intentOf().clientOrderId]).toBeDefined();
    }
    account.setBrokerDown(false);
    account.fill(intentOf().clientOrderId);
    await account.reconcile();
    expect((await account.cell()).holdings[IBM]?.quantity).toBe(shares(2));
  });

  it("story 3: positions that cannot be read are not flat: nothing is forgotten or bought again", async () => {
    const account = await openAccount(cellOf(holding(2)));
    const before = await account.cell();
    account.setBrokerDown(true);
    await account.reconcile();
    expect(await account.cell()).toEqual(before);
    expect(account.posts()).toBe(0);
  });

  it("story 4: five restarts change nothing in the ledger", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), TIME);
    await account.reconcile();
    const { holdings, inFlight, tradingState } = await account.cell();
    const history = await account.ledger.loadEvents(intentOf().clientOrderId);
    for (let restart = 0; restart < 5; restart++) {
      account.advance(60_000);
      await createReconcileOrders(account.deps)();
      expect(await account.cell()).toMatchObject({ holdings, inFlight, tradingState });
    }
    expect(await account.ledger.loadEvents(intentOf().clientOrderId)).toEqual(history);
    expect(account.taken).toHaveLength(1);
  });

  it("story 6: a stop's fill that nobody told us of ends in no endless liquidation", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), TIME);
    await account.reconcile();
    account.stopOut(intentOf().clientOrderId);
    for (let minute = 1; minute <= 10; minute++) {
      account.advance(60_000);
      const exit = intentOf({ ...EXIT, minute });
      const outcome = await account.execute(exit, TIME);
      expect(outcome).toEqual({ type: "denied", reasons: ["notReducing"] });
    }
    expect(account.posts()).toBe(1);
    expect((await account.cell()).holdings[IBM]?.quantity).toBe(shares(0));
    expect(account.position()).toBe(0);
  });

  it("story 7: a fill that is told five times, the newest first, counts once", async () => {
    const account = await openAccount(cellOf({}, LARGE));
    const { clientOrderId } = intentOf();
    await account.execute(intentOf({ count: 3 }), TIME);
    for (let told = 0; told < 5; told++) {
      if (told === 0) account.fillPart(clientOrderId, shares(1));
      if (told === 2) account.fill(clientOrderId);
      await account.reconcile();
      account.advance(1_000);
    }
    expect((await account.cell()).holdings[IBM]?.quantity).toBe(shares(3));
    const order = await account.ledger.loadOrder(clientOrderId);
    expect(order).toMatchObject({ ok: true, value: { filled: shares(3) } });
  });

  it("story 9: what is sold after a partial fill is what is held, not what was wanted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (filled) => {
        const account = await openAccount(cellOf({}, LARGE));
        await account.execute(intentOf({ count: 10 }), TIME);
        const [order] = account.taken;
        if (order === undefined) throw new Error("No order was taken.");
        account.taken[0] = {
          ...order,
          status: "cancelled",
          filled: shares(filled),
          averagePrice: price("100.00"),
          legs: [],
        };
        await account.reconcile();
        account.plan("acceptAndFill");
        await account.execute(intentOf({ ...EXIT, count: 10, minute: 1 }), TIME);
        expect(account.taken[1]).toMatchObject({ side: "sell", quantity: shares(filled) });
        expect(account.position()).toBe(0);
      }),
      { numRuns: 9 },
    );
  });

  it("story 12: an exit cancels the bracket, sees it gone, and only then sells", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), TIME);
    await account.reconcile();
    account.delayCancels(2);
    account.plan("acceptAndFill");
    const exit = intentOf({ ...EXIT, minute: 1 });
    expect(await account.execute(exit, TIME)).toMatchObject({ type: "acknowledged" });
    expect(account.taken[0]?.legs.some((leg) => isLiveStatus(leg.status))).toBe(false);
    expect(account.position()).toBe(0);
    expect(account.posts()).toBe(2);
  });

  it("story 12: an exit that is refused as a wash trade is not sent again under its id", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), TIME);
    await account.reconcile();
    const exit = intentOf({ ...EXIT, minute: 1 });
    account.plan("reject");
    expect(await account.execute(exit, TIME)).toMatchObject({ type: "rejected" });
    for (let delivery = 0; delivery < 5; delivery++) {
      expect(await account.execute(exit, TIME)).toMatchObject({ type: "duplicate" });
    }
    expect(account.posts()).toBe(2);
    // The next minute's exit is another decision: the position is not left without its bracket.
    account.advance(60_000);
    account.plan("acceptAndFill");
    const next = intentOf({ ...EXIT, minute: 2 });
    expect(await account.execute(next, TIME)).toMatchObject({ type: "acknowledged" });
    expect(account.position()).toBe(0);
  });

  it("story 13: after the same refusal thrice, a symbol's entries are not even sent", async () => {
    const account = await openAccount(cellOf({}, { minCooldownMinutes: 0 }));
    for (let minute = 0; minute < 10; minute++) {
      account.plan("reject");
      await account.execute(intentOf({ minute: 0, revision: minute }), TIME);
    }
    expect(account.posts()).toBe((await account.cell()).limits.rejectsToLatch);
  });
});

describe("what systems like this one did", () => {
  it("defect 1: a retry carries the id of the decision, whatever became of the first try", async () => {
    const account = await openAccount();
    account.plan("refuseRate", "loseRequest", "acceptAndLoseAnswer");
    for (let delivery = 0; delivery < 4; delivery++) {
      await runOnce(() => account.execute(intentOf(), TIME));
    }
    expect(account.taken.length).toBeLessThanOrEqual(1);
    for (const { clientOrderId } of account.taken) {
      expect(clientOrderId).toBe(intentOf().clientOrderId);
    }
  });

  it.each([
    ["no reading of the account", cellOf({ accountReading: null })],
    ["an unverified ledger", cellOf({ reconciliation: { state: "unverified", cleanAtMs: null } })],
    ["another Region in charge", cellOf({ activeRegion: "us-west-2" })],
  ])("defect 2: the guard lets nothing through with %s", async (_name, cell) => {
    const account = await openAccount(cell);
    expect(await account.execute(intentOf(), TIME)).toMatchObject({ type: "denied" });
    expect(account.posts()).toBe(0);
  });

  it("defect 2: an order whose price cannot be read, or is not there, is not let through", async () => {
    const account = await openAccount();
    const blind = createExecuteOrder({
      ...account.deps,
      telemetry: { ...account.telemetry, loadQuotes: failToLoad },
    });
    await expect(blind(intentOf(), TIME)).rejects.toThrow("Telemetry is down.");
    const empty = { ...account.telemetry, loadQuotes: async () => [] };
    const priceless = createExecuteOrder({ ...account.deps, telemetry: empty });
    expect(await priceless(intentOf(), TIME)).toMatchObject({
      type: "denied",
      reasons: expect.arrayContaining(["priceMissing"]),
    });
    expect(account.posts()).toBe(0);
  });

  it("defect 3: an order's own prices are held against the market's, never against themselves", async () => {
    const account = await openAccount();
    const own = price("150.00");
    const intent = {
      ...intentOf({ limit: "150.00" }),
      referencePrice: own,
      protection: { stopPrice: price("147.00"), targetPrice: price("156.00") },
    };
    expect(await account.execute(intent, TIME)).toMatchObject({
      type: "denied",
      reasons: expect.arrayContaining(["priceDeviation", "referenceMoved"]),
    });
    expect(account.posts()).toBe(0);
  });

  it("defect 4: entries count what works already, and a whole position can be closed", async () => {
    const account = await openAccount(cellOf({ ...holding(5) }, { minCooldownMinutes: 0 }));
    // 5 held at 100 USD are the whole of the 500 USD that one symbol may have.
    expect(await account.execute(intentOf(), TIME)).toMatchObject({
      type: "denied",
      reasons: expect.arrayContaining(["positionSize"]),
    });
    const exit = intentOf({ ...EXIT, count: 5 });
    expect(await account.execute(exit, TIME)).toMatchObject({ type: "acknowledged" });
    expect(account.taken.map(({ clientOrderId }) => clientOrderId)).toEqual([exit.clientOrderId]);
  });

  it.each(["listOpenOrders", "listPositions", "readAccount"] as const)(
    "defects 5 and 15: a field that vanished from %s stops entries at once, and no exit",
    async (failing) => {
      const account = await openAccount(cellOf(holding(2)));
      account.taken.push(boughtBefore(2));
      const broken = { ...account.deps.broker, [failing]: async () => err(SCHEMA_FAULT) };
      await createReconcileOrders({ ...account.deps, broker: broken })();
      expect(await account.execute(intentOf(), TIME)).toMatchObject({
        type: "denied",
        reasons: ["notReconciled"],
      });
      const exit = intentOf(EXIT);
      account.plan("acceptAndFill");
      expect(await account.execute(exit, TIME)).toMatchObject({ type: "acknowledged" });
      expect(await account.reconcile()).toMatchObject({ isClean: true });
      expect((await account.cell()).reconciliation.state).toBe("clean");
    },
  );
});

const SCHEMA_FAULT = {
  type: "VendorFault",
  vendor: "test",
  class: "SCHEMA_ERROR",
  detail: "A field is missing: qty.",
} as const;

/** Room for ten shares at a hundred dollars. */
const LARGE = { maxPositionSize: usd(10_000), maxNotionalPerOrder: usd(10_000) };

const failToLoad = async (): Promise<never> => {
  throw new RetryableError("Telemetry is down.");
};
