import { describe, expect, it } from "vitest";
import { Env } from "../../lambdas/execute-orders/env.ts";
import { brokerOf } from "../../shared/use-cases/broker-of.ts";
import { createExecuteOrder } from "../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { cellOf, DATE, holding, IBM, intentOf, quoteOf } from "../fixtures/orders.ts";
import { goodEnvironment } from "../lambdas/good-environment.ts";
import { openWorld } from "./cycle-world.ts";
import { openAccount, settings, type TradingAccount } from "./trading-account.ts";

const UNHURRIED = { remainingMs: () => 30_000 };

const inShadow = ({ deps }: TradingAccount) => ({
  ...deps,
  settings: { ...settings, mode: "shadow" as const },
});

describe("the broker of a mode", () => {
  it.each(["entry", "exit"] as const)(
    "sends nothing in shadow mode: an %s is guarded, claimed, withheld, and leaves nothing behind",
    async (purpose) => {
      const account = await openAccount(cellOf(purpose === "exit" ? holding(2) : {}));
      const side = purpose === "exit" ? "sell" : "buy";
      const execute = createExecuteOrder(inShadow(account));
      const outcome = await execute(intentOf({ side, purpose }), UNHURRIED);
      expect(outcome).toEqual({ type: "shed", reasons: ["shadow"] });
      expect(account.posts()).toBe(0);
      const cell = await account.cell();
      expect(cell.inFlight).toEqual({});
      expect(cell.holdings[IBM]?.quantity).toBe(shares(purpose === "exit" ? 2 : 0));
      const again = await execute(intentOf({ side, purpose }), UNHURRIED);
      expect(again).toEqual({ type: "duplicate", reasons: ["expired"] });
      const funnel = await account.telemetry.loadFunnel(DATE);
      expect(funnel.passed).toEqual({ approved: 1 });
      expect(funnel.stopped).toEqual({ "submitted.shadow": 1 });
    },
  );

  it("never latches a symbol in shadow mode, and keeps its cooldown", async () => {
    const account = await openAccount();
    const execute = createExecuteOrder(inShadow(account));
    const outcomes: string[] = [];
    for (let minute = 0; minute < 24; minute += 6) {
      const validUntilMs = account.nowMs() + 60_000;
      const quote = quoteOf("99.99", "100.01", account.nowMs() - 1_000);
      await account.telemetry.recordQuotes(0, [quote]);
      await createReconcileOrders(inShadow(account))();
      const first = { ...intentOf({ minute }), validUntilMs };
      outcomes.push((await execute(first, UNHURRIED)).type);
      const soon = { ...intentOf({ minute: minute + 1 }), validUntilMs };
      outcomes.push((await execute(soon, UNHURRIED)).reasons.join());
      account.advance(6 * 60_000);
    }
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => ["shed", "cooldown"]).flat());
  });

  it("follows what others do with the account in shadow mode, and touches none of it", async () => {
    const account = await openAccount();
    const reconcile = createReconcileOrders(inShadow(account));
    const others = await openAccount();
    await others.execute(intentOf(), UNHURRIED);
    account.taken.push(...others.taken);
    expect((await reconcile()).isClean).toBe(true);
    account.fill(intentOf().clientOrderId);
    expect((await reconcile()).isClean).toBe(true);
    const cell = await account.cell();
    expect(cell.holdings[IBM]?.quantity).toBe(shares(2));
    expect(cell.tradingState.mode).toBe("active");
    expect(account.taken.map((order) => order.status)).toEqual(["filled"]);
    expect(account.alerts).toEqual([]);
  });

  it("is the broker itself in every other mode", () => {
    const { broker } = openWorld().ports;
    expect(brokerOf("paper", broker)).toBe(broker);
  });

  it("is never the host of real money unless the mode says live", () => {
    const live = { ...goodEnvironment, BROKER_URL: "https://api.alpaca.markets" };
    expect(Env.safeParse(live).error?.issues.map((issue) => issue.path)).toEqual([["BROKER_URL"]]);
    expect(Env.safeParse({ ...live, HOLDFAST_MODE: "shadow" }).success).toBe(false);
    expect(Env.safeParse({ ...live, HOLDFAST_MODE: "live" }).success).toBe(true);
  });
});
