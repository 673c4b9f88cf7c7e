import { describe, expect, it } from "vitest";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { intentOf } from "../../fixtures/orders.ts";
import { openAccount, runOnce, type Submission, type TradingAccount } from "../trading-account.ts";
import { atEveryMoment, interrupted } from "./interrupt.ts";
import { heldInLedger, patient, UNHURRIED } from "./scene.ts";

const corrupt = (account: TradingAccount): Promise<void> =>
  account.items.damage({ partition: "cell#main", sort: "cell" }, (item) => ({
    ...item,
    document: "not what it was",
  }));

const ANSWERS: readonly Submission[] = ["acceptAndFill", "acceptAndLoseAnswer", "loseRequest"];

const settles = async (account: TradingAccount): Promise<readonly unknown[]> => {
  for (let run = 0; run < 6; run++) {
    await runOnce(() => account.reconcile());
    account.advance(3_600_000);
  }
  const { reconciliation, inFlight } = await account.cell();
  const gap = (await heldInLedger(account)) - account.position();
  const open = Object.values(inFlight).filter(({ stage }) => stage !== "protecting").length;
  return [reconciliation.state, gap, account.position() >= 0, open];
};

describe.each(ANSWERS)(
  "a cell that is damaged and rebuilt under a held-up function: %s",
  (answer) => {
    it.each(["entry", "exit"] as const)("loses and doubles nothing: %s", async (purpose) => {
      await atEveryMoment(async (at) => {
        const account = await openAccount();
        if (purpose === "exit") {
          account.plan("acceptAndFill");
          await account.execute(intentOf(), UNHURRIED);
          await account.reconcile();
        }
        const intent =
          purpose === "entry"
            ? patient({ minute: 1 }, account)
            : patient({ side: "sell", purpose: "exit", minute: 1 }, account);
        const { deps, wasHeldUp } = interrupted(account, at, async () => {
          await corrupt(account);
          await runOnce(() => account.reconcile());
          await runOnce(() => account.reconcile());
        });
        account.plan(answer);
        await runOnce(() => createExecuteOrder(deps)(intent, UNHURRIED));
        await runOnce(() => account.execute(intent, UNHURRIED));
        const sent = account.taken.filter(
          ({ clientOrderId }) => clientOrderId === intent.clientOrderId,
        );
        expect.soft([at, sent.length <= 1]).toEqual([at, true]);
        account.fill(intent.clientOrderId);
        expect.soft([at, await settles(account)]).toEqual([at, ["clean", 0, true, 0]]);
        return { wasHeldUp: wasHeldUp() };
      });
    });
  },
);

describe("two that rebuild one cell at once", () => {
  it("store it once, whoever is held up where", async () => {
    await atEveryMoment(async (at) => {
      const account = await openAccount();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      await corrupt(account);
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        await runOnce(() => account.reconcile());
        const exit = patient({ side: "sell", purpose: "exit", minute: 1 }, account);
        account.plan("acceptAndFill");
        await runOnce(() => account.execute(exit, UNHURRIED));
      });
      await runOnce(() => createReconcileOrders(deps)());
      expect.soft([at, await settles(account)]).toEqual([at, ["clean", 0, true, 0]]);
      return { wasHeldUp: wasHeldUp() };
    }, 90);
  });
});
