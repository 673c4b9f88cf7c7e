import { describe, expect, it } from "vitest";
import { intentOf } from "../../fixtures/orders.ts";
import { openAccount, runOnce } from "../trading-account.ts";
import { UNHURRIED } from "./scene.ts";

describe("an exit whose time is nearly over", () => {
  it("leaves the bracket alone, since nothing could be sold afterwards", async () => {
    for (const leftMs of [100, 300, 900, 1_900]) {
      const account = await openAccount();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      await account.reconcile();
      const exit = {
        ...intentOf({ side: "sell", purpose: "exit", minute: 1 }),
        validUntilMs: account.nowMs() + leftMs,
      };
      await runOnce(() => account.execute(exit, UNHURRIED));
      const isNaked =
        account.position() > 0 &&
        account.taken[0]?.legs.every(({ status }) => status !== "working");
      expect.soft([leftMs, isNaked]).toEqual([leftMs, false]);
    }
  });
});
