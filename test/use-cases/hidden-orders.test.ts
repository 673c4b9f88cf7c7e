import { describe, expect, it } from "vitest";
import { shares } from "../../shared/domain/market/quantity.ts";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Broker } from "../../shared/ports/broker.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { holdingOf } from "../../shared/domain/risk/control-cell.ts";
import { unprotectedIn } from "../../shared/domain/risk/unprotected.ts";
import { IBM, intentOf, must, price, quoteOf } from "../fixtures/orders.ts";
import { openAccount } from "./trading-account.ts";

const deadline = { remainingMs: () => 15_000 };
const intent = {
  ...intentOf(),
  protection: { stopPrice: price("98.00"), targetPrice: price("104.00") },
};
const ID = intent.clientOrderId;
const MINUTE_MS = 60_000;

/** An account whose broker shows no order while it hides them; positions it always shows. */
const openWithHiding = async () => {
  const account = await openAccount();
  let isHiding = false;
  const hiding: Broker = {
    ...account.deps.broker,
    findOrder: async (id) =>
      isHiding ? ok({ type: "notFound" }) : account.deps.broker.findOrder(id),
    listOpenOrders: async () => (isHiding ? ok([]) : account.deps.broker.listOpenOrders()),
  };
  const reconcile = createReconcileOrders({ ...account.deps, broker: hiding });
  return {
    ...account,
    hide: (is: boolean) => {
      isHiding = is;
    },
    /** Reconciles once a minute for so many minutes; the last report. */
    reconcileFor: async (minutes: number) => {
      let report = await reconcile();
      for (let minute = 0; minute < minutes; minute++) {
        account.advance(MINUTE_MS);
        report = await reconcile();
      }
      return report;
    },
  };
};

describe("an order that the broker does not show", () => {
  it("is never taken for not sent once it was acknowledged", async () => {
    const account = await openWithHiding();
    expect(await account.execute(intent, deadline)).toMatchObject({ type: "acknowledged" });
    account.hide(true);
    const report = await account.reconcileFor(5);
    expect(report.differences).toEqual([expect.stringContaining("denies knowing it")]);
    const cell = await account.cell();
    expect(Object.keys(cell.inFlight)).toEqual([ID]);
    expect(cell.tradingState.mode).toBe("reducing");
    account.hide(false);
    account.fill(ID);
    await account.reconcileFor(1);
    expect((await account.cell()).inFlight[ID]).toMatchObject({ stage: "protecting" });
    expect(holdingOf(await account.cell(), IBM).quantity).toBe(account.position());
  });

  it("is not taken for not sent while the position moved by it", async () => {
    const account = await openWithHiding();
    account.plan("acceptAndLoseAnswer");
    expect(await account.execute(intent, deadline)).toMatchObject({ type: "unknown" });
    account.fill(ID);
    account.hide(true);
    const hidden = await account.reconcileFor(5);
    expect(hidden).toMatchObject({ settled: 0, unknownLeft: 1 });
    expect((await account.cell()).tradingState.mode).toBe("active");
    account.hide(false);
    expect(await account.reconcileFor(1)).toMatchObject({ isClean: true, unknownLeft: 0 });
    expect(holdingOf(await account.cell(), IBM).quantity).toBe(account.position());
  });

  it("gets its claim back when it fills after it was given up, for as long as its bracket lives", async () => {
    const account = await openWithHiding();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intent, deadline);
    account.hide(true);
    expect(await account.reconcileFor(5)).toMatchObject({ unknownLeft: 0 });
    expect((await account.cell()).inFlight).toEqual({});
    account.hide(false);
    account.fill(ID);
    expect(await account.reconcileFor(1)).toMatchObject({ isClean: true });
    expect((await account.cell()).inFlight[ID]).toMatchObject({
      stage: "protecting",
      liveLegIds: ["b0-stop", "b0-target"],
    });
    expect(holdingOf(await account.cell(), IBM).quantity).toBe(account.position());
    account.stopOut(ID);
    expect(await account.reconcileFor(1)).toMatchObject({ isClean: true });
    expect((await account.cell()).inFlight).toEqual({});
    expect(holdingOf(await account.cell(), IBM).quantity).toBe(0);
  });
});

describe("an order that fills after it was settled", () => {
  it("is found behind any number of settled orders in other symbols", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intent, deadline);
    await account.reconcile();
    account.stopOut(ID);
    await account.reconcile();
    expect((await account.cell()).inFlight).toEqual({});
    for (let minute = 0; minute < 60; minute++) {
      const other = intentOf({ symbol: must(parseTicker("KO")), minute });
      const atMs = other.decidedAtMs;
      const stored = await account.ledger.appendEvents(other.clientOrderId, 0, [
        { type: "intentRecorded", atMs, intent: other, recordedBy: "test" },
        { type: "expired", atMs, cause: "It was not sent while it was valid." },
      ]);
      expect(stored.ok).toBe(true);
    }
    account.fillTargetLate(ID);
    expect(account.position()).toBe(shares(-2));
    expect(await account.reconcile()).toMatchObject({ isClean: true, unknownLeft: 0 });
    expect(holdingOf(await account.cell(), IBM).quantity).toBe(account.position());
  });
});

describe("an order of an earlier session that fills after it was settled", () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;

  it.each([1, 7, 14])("explains the position %i days later, and is booked", async (days) => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intent, deadline);
    await account.reconcile();
    account.stopOut(ID);
    await account.reconcile();
    account.advance(days * DAY_MS);
    expect(await account.reconcile()).toMatchObject({ isClean: true });
    account.fillTargetLate(ID);
    expect(account.position()).toBe(shares(-2));
    expect(await account.reconcile()).toMatchObject({ isClean: true });
    const cell = await account.cell();
    expect(holdingOf(cell, IBM).quantity).toBe(shares(-2));
    expect(cell.tradingState.mode).toBe("active");
    expect(unprotectedIn(cell)).toEqual(["IBM"]);
  });

  it("is asked for with few requests, however many orders were settled in the symbol", async () => {
    const account = await openAccount();
    for (let minute = 0; minute < 15; minute++) {
      account.plan("acceptAndFill");
      const other = { ...intentOf({ minute }), protection: intent.protection };
      await account.execute({ ...other, validUntilMs: account.nowMs() + MINUTE_MS }, deadline);
      await account.reconcile();
      account.stopOut(other.clientOrderId);
      await account.reconcile();
      account.advance(6 * MINUTE_MS);
      const quote = quoteOf("99.99", "100.01", account.nowMs() - 1_000);
      await account.telemetry.recordQuotes(0, [quote]);
      await account.reconcile();
    }
    expect(account.taken.length).toBeGreaterThan(10);
    let requests = 0;
    const counted = new Proxy(account.deps.broker, {
      get: (target, name) => {
        requests += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
    const [order] = account.taken;
    // Somebody sells: no order of ours explains it.
    account.taken.push({ ...order!, clientOrderId: "page", side: "sell", legs: [] });
    const report = await createReconcileOrders({ ...account.deps, broker: counted })();
    expect(report.isClean).toBe(false);
    expect(requests).toBeLessThanOrEqual(6);
  });
});

describe("an exit that never arrived, from under a bracket that fills late", () => {
  it("explains the position only until the broker has denied it for long", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intent, deadline);
    await account.reconcile();
    account.plan("loseRequest");
    const exit = {
      ...intentOf({ side: "sell", purpose: "exit" }),
      validUntilMs: account.nowMs() + 3_600_000,
    };
    expect((await account.execute(exit, deadline)).type).toBe("unknown");
    // The bracket was cancelled for the exit, and its target is filled all the same.
    account.fillTargetLate(ID);
    expect(account.position()).toBe(0);
    for (let minute = 0; minute < 14; minute++) {
      account.advance(MINUTE_MS);
      await account.reconcile();
    }
    const cell = await account.cell();
    expect(cell.inFlight).toEqual({});
    expect(holdingOf(cell, IBM).quantity).toBe(0);
    expect(cell.reconciliation.state).toBe("clean");
    expect(cell.tradingState.mode).toBe("active");
  });
});

describe("an order that comes while the broker is being read", () => {
  it("is read again with what came, and nothing older is believed", async () => {
    const account = await openAccount();
    let isFirst = true;
    const reconcile = createReconcileOrders({
      ...account.deps,
      broker: {
        ...account.deps.broker,
        listOpenOrders: async () => {
          const listed = await account.deps.broker.listOpenOrders();
          if (isFirst) {
            isFirst = false;
            account.plan("acceptAndFill");
            await account.execute(intent, deadline);
          }
          return listed;
        },
      },
    });
    const report = await reconcile();
    expect(report.isClean).toBe(true);
    // An observation that is older than the claim does not know the order, and calls it unreadable.
    expect(report.differences.join()).not.toContain("could not be read");
    expect((await account.cell()).inFlight[ID]).toMatchObject({ stage: "protecting" });
    expect(holdingOf(await account.cell(), IBM).quantity).toBe(account.position());
  });
});
