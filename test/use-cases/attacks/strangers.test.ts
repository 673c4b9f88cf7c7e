import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import { QUIET_WINDOW_MS } from "../../../shared/domain/reconciliation/settle-claims.ts";
import { err, ok } from "../../../shared/domain/result.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import type { TradingAccount } from "../trading-account.ts";
import { boughtBefore, heldInBracket, heldInLedger, patient, UNHURRIED } from "./scene.ts";

const FAULT = { type: "VendorFault", vendor: "test", class: "NETWORK", detail: "timeout" } as const;

/** Two shares are held, and a person sells some of them at the broker's own page. */
const soldByHand = async (count: number): Promise<TradingAccount> => {
  const account = await heldInBracket();
  for (const { brokerOrderId } of account.taken[0]?.legs ?? []) {
    await account.deps.broker.cancelOrder(brokerOrderId);
  }
  account.taken.push({ ...boughtBefore(count), side: "sell" });
  await account.reconcile();
  expect((await account.cell()).tradingState.mode).toBe("reducing");
  account.plan("acceptAndFill");
  return account;
};

const exitOf = (account: TradingAccount) =>
  patient({ side: "sell", purpose: "exit", minute: 1 }, account);

describe("an exit while the broker holds other than the ledger", () => {
  it("sells nothing that a person has sold already", async () => {
    const account = await soldByHand(2);
    const posts = account.posts();
    expect((await account.execute(exitOf(account), UNHURRIED)).type).toBe("denied");
    expect([account.posts(), account.position()]).toEqual([posts, 0]);
  });

  it("sells what is left", async () => {
    const account = await soldByHand(1);
    expect((await account.execute(exitOf(account), UNHURRIED)).type).toBe("acknowledged");
    expect([account.taken.at(-1)?.quantity, account.position()]).toEqual([shares(1), 0]);
  });

  it("goes out again when an earlier one never arrived, though the position differs for good", async () => {
    const account = await heldInBracket();
    account.plan("loseRequest");
    expect((await account.execute(exitOf(account), UNHURRIED)).type).toBe("unknown");
    account.taken.push(boughtBefore(5));
    for (let run = 0; run < 13; run++) {
      account.advance(QUIET_WINDOW_MS);
      await account.reconcile();
    }
    expect((await account.cell()).reconciliation.state).toBe("unverified");
    account.plan("acceptAndFill");
    const next = patient({ side: "sell", purpose: "exit", minute: 20 }, account);
    expect((await account.execute(next, UNHURRIED)).type).toBe("acknowledged");
    // What a stranger has bought stays the stranger's.
    expect([account.taken.at(-1)?.quantity, account.position()]).toEqual([shares(2), shares(5)]);
  });

  it("is not sold twice when the earlier one did arrive, and is only denied", async () => {
    const account = await heldInBracket();
    account.plan("acceptAndLoseAnswer");
    const exit = exitOf(account);
    expect((await account.execute(exit, UNHURRIED)).type).toBe("unknown");
    account.fill(exit.clientOrderId);
    const whole = account.deps.broker;
    const broker = {
      ...whole,
      findOrders: async () => err(FAULT),
      findOrder: async (id: ClientOrderId) =>
        id === exit.clientOrderId ? ok({ type: "notFound" as const }) : whole.findOrder(id),
    };
    const reconcile = createReconcileOrders({ ...account.deps, broker });
    for (let run = 0; run < 15; run++) {
      account.advance(QUIET_WINDOW_MS);
      await reconcile();
    }
    expect((await account.cell()).inFlight).toEqual({});
    const posts = account.posts();
    const next = patient({ side: "sell", purpose: "exit", minute: 20 }, account);
    expect((await account.execute(next, UNHURRIED)).type).toBe("denied");
    expect([account.posts(), account.position()]).toEqual([posts, 0]);
    await account.reconcile();
    const { reconciliation } = await account.cell();
    expect([await heldInLedger(account), reconciliation.state]).toEqual([0, "clean"]);
  });

  it("goes by the ledger where the broker cannot be read: what stops entries stops no exit", async () => {
    const account = await soldByHand(1);
    const broker = { ...account.deps.broker, listPositions: async () => err(FAULT) };
    const outcome = await createExecuteOrder({ ...account.deps, broker })(
      exitOf(account),
      UNHURRIED,
    );
    expect(outcome.type).toBe("acknowledged");
  });
});
