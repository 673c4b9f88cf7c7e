import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { err } from "../../../shared/domain/result.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import type { TradingAccount } from "../trading-account.ts";
import { boughtBefore, heldInBracket, patient, UNHURRIED } from "./scene.ts";

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
