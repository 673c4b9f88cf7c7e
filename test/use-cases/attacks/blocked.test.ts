import { describe, expect, it } from "vitest";
import { err } from "../../../shared/domain/result.ts";
import { unprotectedIn } from "../../../shared/domain/risk/unprotected.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { intentOf } from "../../fixtures/orders.ts";
import { heldInBracket, legsOf, patient, UNHURRIED } from "./scene.ts";

describe("an exit while the broker refuses every order of the account", () => {
  it("leaves the bracket where it is: nothing could be sent behind it", async () => {
    const account = await heldInBracket();
    await account.deps.broker.suspendTrading();
    account.plan("reject");
    const exit = patient({ side: "sell", purpose: "exit" }, account);
    expect(await account.execute(exit, UNHURRIED)).toEqual({
      type: "denied",
      reasons: ["protectionWorking"],
    });
    expect(account.posts()).toBe(1);
    expect(legsOf(account)).toEqual(["working", "working"]);
    await account.reconcile();
    expect(unprotectedIn(await account.cell())).toEqual([]);
  });

  it("goes on where the account cannot be read", async () => {
    const account = await heldInBracket();
    const fault = { type: "VendorFault", vendor: "test", class: "NETWORK", detail: "" } as const;
    const readAccount = async () => err(fault);
    const execute = createExecuteOrder({
      ...account.deps,
      broker: { ...account.deps.broker, readAccount },
    });
    account.plan("acceptAndFill");
    const exit = patient({ side: "sell", purpose: "exit" }, account);
    expect((await execute(exit, UNHURRIED)).type).toBe("acknowledged");
    expect(account.position()).toBe(0);
  });

  it("goes on where no bracket would be lost by it", async () => {
    const account = await heldInBracket();
    await account.deps.broker.suspendTrading();
    account.plan("acceptAndFill");
    account.stopOut(intentOf().clientOrderId);
    await account.reconcile();
    const exit = patient({ side: "sell", purpose: "exit", minute: 1 }, account);
    expect((await account.execute(exit, UNHURRIED)).reasons).not.toContain("protectionWorking");
  });
});
