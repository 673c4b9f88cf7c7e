import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import { cellOf, holding, intentOf } from "../../fixtures/orders.ts";
import { openAccount, runOnce } from "../trading-account.ts";
import { atEveryMoment, interrupted } from "./interrupt.ts";
import { boughtBefore, handOver, heldInLedger, OTHER, patient, UNHURRIED } from "./scene.ts";

describe("a delivery that is held up while a second one does everything", () => {
  it("counts no fill twice, and halts nothing, when it wakes", async () => {
    await atEveryMoment(async (at) => {
      const account = await openAccount(cellOf(holding(5)));
      account.taken.push(boughtBefore(5));
      const exit = patient({ side: "sell", purpose: "exit", count: 2 }, account);
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        account.plan("acceptAndFill");
        await runOnce(() => account.execute(exit, UNHURRIED));
        await account.reconcile();
        account.advance(1_000);
      });
      await runOnce(() => createExecuteOrder(deps)(exit, UNHURRIED));
      account.fill(exit.clientOrderId);
      await account.reconcile();
      await account.reconcile();
      const cell = await account.cell();
      expect.soft([at, account.taken.length]).toEqual([at, 2]);
      expect.soft([at, await heldInLedger(account)]).toEqual([at, shares(3)]);
      expect.soft([at, cell.tradingState.mode]).toEqual([at, "active"]);
      return { wasHeldUp: wasHeldUp() };
    });
  });
});

describe("a Region that was fenced while it worked", () => {
  it.each(["accept", "acceptAndLoseAnswer", "reject", "refuseRate", "refuseCredentials"] as const)(
    "writes nothing into the new Region's cell after: %s",
    async (answer) => {
      await atEveryMoment(async (at) => {
        const account = await openAccount();
        let version = 0;
        const { deps, wasHeldUp } = interrupted(account, at, async () => {
          await handOver(account);
          ({ version } = await account.cell());
        });
        account.plan(answer);
        await runOnce(() => createExecuteOrder(deps)(intentOf(), UNHURRIED));
        const cell = await account.cell();
        if (wasHeldUp()) expect.soft([at, cell.version]).toEqual([at, version]);
        return { wasHeldUp: wasHeldUp() };
      });
    },
  );
});

describe("an operator's halt", () => {
  it("is stored whatever took the account over meanwhile", async () => {
    const account = await openAccount();
    const before = await account.cell();
    await handOver(account);
    const change = { reason: "Stop.", by: "ann", atMs: account.nowMs() };
    await updateCell(account.deps, before, (cell) => haltTrading(cell, change));
    const cell = await account.cell();
    expect([cell.tradingState.mode, cell.activeRegion]).toEqual(["halted", OTHER]);
  });
});
