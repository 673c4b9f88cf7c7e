import { describe, expect, it } from "vitest";
import { RetryableError } from "../../../shared/domain/fault.ts";
import type { ClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import { err } from "../../../shared/domain/result.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { intentOf } from "../../fixtures/orders.ts";
import { runOnce } from "../trading-account.ts";
import { atEveryMoment, interrupted } from "./interrupt.ts";
import { handOver, heldInBracket, heldInLedger, legsOf, patient, UNHURRIED } from "./scene.ts";

const ID = intentOf().clientOrderId;

/** The broker's adapter waits so long for one answer; an order with its bracket may take two. */
const REQUEST_MS = 5_000;
const SILENCE = {
  type: "VendorFault",
  vendor: "test",
  class: "NETWORK",
  detail: "timeout",
} as const;

describe("an exit from under a bracket", () => {
  it("cancels nothing unless there is time to sell afterwards", async () => {
    for (const remainingMs of [0, 2_000, 6_999]) {
      const account = await heldInBracket();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      const hurried = { remainingMs: () => remainingMs };
      await expect(account.execute(exit, hurried)).rejects.toThrow(RetryableError);
      expect(legsOf(account)).toEqual(["working", "working"]);
    }
  });

  it("goes back by itself where the broker keeps it waiting behind a cancellation", async () => {
    for (const slow of ["findOrder", "cancelOrder"] as const) {
      const account = await heldInBracket();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      const endsAtMs = account.nowMs() + 9_000;
      const { broker } = account.deps;
      let isSlow = false;
      const wait = (ms: number) => {
        account.advance(ms);
        return err(SILENCE);
      };
      const waiting = {
        ...broker,
        findOrder: async (id: ClientOrderId, withinMs = Infinity) =>
          isSlow && slow === "findOrder"
            ? wait(Math.min(withinMs, 2 * REQUEST_MS))
            : broker.findOrder(id, withinMs),
        cancelOrder: async (id: string) => {
          isSlow = true;
          const asked = await broker.cancelOrder(id);
          return slow === "cancelOrder" ? wait(REQUEST_MS) : asked;
        },
      };
      const execute = createExecuteOrder({ ...account.deps, broker: waiting });
      const deadline = { remainingMs: () => endsAtMs - account.nowMs() };
      await expect(execute(exit, deadline)).rejects.toThrow(RetryableError);
      // Killed by its host, it would come again with its visibility alone: with 75 s more.
      expect.soft([slow, deadline.remainingMs() >= 1_000]).toEqual([slow, true]);
    }
  });

  it("is not put off by a reconciliation at any moment", async () => {
    await atEveryMoment(async (at) => {
      const account = await heldInBracket();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        await account.reconcile();
      });
      const outcome = await runOnce(() => createExecuteOrder(deps)(exit, UNHURRIED));
      expect.soft([at, outcome]).toEqual([at, { type: "acknowledged", reasons: [] }]);
      return { wasHeldUp: wasHeldUp() };
    });
  });

  it("never sells what the stop has sold, whenever it does", async () => {
    await atEveryMoment(async (at) => {
      const account = await heldInBracket();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        account.stopOut(ID);
        await account.reconcile();
      });
      await runOnce(() => createExecuteOrder(deps)(exit, UNHURRIED));
      account.fill(exit.clientOrderId);
      await account.reconcile();
      await account.reconcile();
      expect.soft([at, account.position() >= 0]).toEqual([at, true]);
      expect.soft([at, await heldInLedger(account)]).toEqual([at, account.position()]);
      return { wasHeldUp: wasHeldUp() };
    });
  });

  it("leaves the bracket to the Region that took over", async () => {
    await atEveryMoment(async (at) => {
      const account = await heldInBracket();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      let isFenced = false;
      let looks = 0;
      let cancelledBlindly = 0;
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        await handOver(account);
        isFenced = true;
      });
      const watched = {
        ...deps,
        ledger: {
          ...deps.ledger,
          loadCell: (name: string) => {
            if (isFenced) looks += 1;
            return deps.ledger.loadCell(name);
          },
        },
        broker: {
          ...deps.broker,
          cancelOrder: (id: string) => {
            // What was decided before the takeover cannot be stopped; what is looked at after it
            // can.
            if (looks > 0) cancelledBlindly += 1;
            return deps.broker.cancelOrder(id);
          },
        },
      };
      await runOnce(() => createExecuteOrder(watched)(exit, UNHURRIED));
      expect.soft([at, cancelledBlindly]).toEqual([at, 0]);
      return { wasHeldUp: wasHeldUp() };
    });
  });
});
