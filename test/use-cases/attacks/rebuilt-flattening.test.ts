import { describe, expect, it } from "vitest";
import { intentOf } from "../../fixtures/orders.ts";
import { openOperated } from "../operator.ts";
import { runOnce } from "../trading-account.ts";
import { UNHURRIED } from "./scene.ts";

describe("a cell that is damaged while people flatten", () => {
  it.each([true, false])(
    "is rebuilt with their wish (to suspend afterwards: %s)",
    async (suspendAtBroker) => {
      const account = await openOperated();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      await account.reconcile();
      const wish = { reason: "Close everything.", by: "alice", suspendAtBroker };
      await account.flatten(wish, { remainingMs: () => 0 });
      await account.items.damage({ partition: "cell#main", sort: "cell" }, (item) => ({
        ...item,
        document: { ...(item.document as object), digest: "not what it was" },
      }));
      await runOnce(() => account.reconcile());
      const { tradingState } = await account.cell();
      expect(tradingState).toMatchObject({
        mode: "reducing",
        isFlattening: true,
        suspendAtBroker,
        by: "rebuild-cell",
      });
    },
  );
});
