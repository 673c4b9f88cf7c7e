import { expect, it } from "vitest";
import { createBudgetedBroker } from "../../../shared/adapters/budget/budgeted-broker.ts";
import { createStoredBudget } from "../../../shared/adapters/budget/stored-budget.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import type { RequestLane } from "../../../shared/domain/budget/token-bucket.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { OrderIntent } from "../../../shared/domain/orders/order-intent.ts";
import type { Approved } from "../../../shared/domain/risk/guard.ts";
import { ALPACA_BUDGET } from "../../../shared/domain/budget/token-bucket.ts";
import type { RequestBudget } from "../../../shared/ports/request-budget.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { cellOf, holding, intentOf, REGION } from "../../fixtures/orders.ts";
import { openAccount } from "../../use-cases/trading-account.ts";

const UNHURRIED = { remainingMs: () => 30_000 };
const EXIT = intentOf({ side: "sell", purpose: "exit" });

/** A budget without a request left for anything but exits. */
const reserveOnly = (): RequestBudget & { readonly lanes: RequestLane[] } => {
  const lanes: RequestLane[] = [];
  return {
    lanes,
    take: async (lane) => {
      lanes.push(lane);
      return lane === "exit" ? { type: "granted" } : { type: "exhausted", retryAtMs: 7 };
    },
    noteRefusal: async () => undefined,
  };
};

it("refuses an entry before it leaves, takes its claim back, and lets it come again", async () => {
  const account = await openAccount();
  const broker = createBudgetedBroker(
    account.deps.broker,
    reserveOnly(),
    account.deps.clock,
    "exit",
  );
  const execute = createExecuteOrder({ ...account.deps, broker });
  await expect(execute(intentOf(), UNHURRIED)).rejects.toThrow(RetryableError);
  expect(account.posts()).toBe(0);
  expect((await account.cell()).inFlight).toEqual({});
  expect((await account.execute(intentOf(), UNHURRIED)).type).toBe("acknowledged");
});

it("sends nothing after its time, however long the budget's store takes", async () => {
  const account = await openAccount();
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs };
  const slow: RequestBudget = {
    take: async () => {
      nowMs += 4_000;
      return { type: "granted" };
    },
    noteRefusal: async () => undefined,
  };
  const deadlines: number[] = [];
  const broker = createBudgetedBroker(
    {
      ...account.deps.broker,
      submitOrder: async (_approved, deadlineMs) => {
        deadlines.push(deadlineMs);
        return { type: "unknown", detail: "" };
      },
    },
    slow,
    clock,
  );
  // Only the guard makes the brand; what is sent does not matter here.
  const approved = { order: EXIT } as Approved<OrderIntent>;
  await broker.submitOrder(approved, 5_000);
  expect(deadlines).toEqual([1_000]);
  expect((await broker.submitOrder(approved, 4_000)).type).toBe("notSent");
  expect(deadlines).toEqual([1_000]);
});

it("lets an exit, and what clears its way, through on the reserve alone", async () => {
  const account = await openAccount();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), UNHURRIED);
  await account.reconcile();
  const budget = reserveOnly();
  const broker = createBudgetedBroker(account.deps.broker, budget, account.deps.clock, "exit");
  const execute = createExecuteOrder({ ...account.deps, broker });
  expect((await execute(EXIT, UNHURRIED)).type).toBe("acknowledged");
  expect(new Set(budget.lanes)).toEqual(new Set(["exit"]));
});

it("reads a position that it may not ask for as a fault, never as flat (story 3)", async () => {
  const account = await openAccount(cellOf(holding(2)));
  const before = await account.cell();
  const broker = createBudgetedBroker(account.deps.broker, reserveOnly(), account.deps.clock);
  const report = await createReconcileOrders({ ...account.deps, broker })();
  expect(report.isClean).toBe(false);
  expect((await account.cell()).holdings).toEqual(before.holdings);
});

it("makes one request of a storm once the broker has refused for its limit (story 5)", async () => {
  let asked = 0;
  const account = await openAccount();
  const clock = account.deps.clock;
  const budget = createStoredBudget({
    store: createMemoryItemStore(),
    clock,
    account: "main",
    region: REGION,
    policy: ALPACA_BUDGET,
  });
  const fault = {
    type: "VendorFault",
    vendor: "alpaca",
    class: "RATE_LIMIT",
    detail: "429",
    retryAtMs: clock.nowMs() + 20_000,
  } as const;
  const limited = {
    ...account.deps.broker,
    listPositions: async () => {
      asked += 1;
      return { ok: false, error: fault } as const;
    },
  };
  const broker = createBudgetedBroker(limited, budget, clock);
  for (let reconnect = 0; reconnect < 100; reconnect++) await broker.listPositions();
  expect(asked).toBe(1);
});
