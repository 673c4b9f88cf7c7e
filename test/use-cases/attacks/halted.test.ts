import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { isLiveStatus } from "../../../shared/domain/orders/broker-state.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { keepAlerts } from "../../../shared/use-cases/keep-alerts.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { IBM, intentOf } from "../../fixtures/orders.ts";
import { openOperated, type Operated } from "../operator.ts";
import { runOnce } from "../trading-account.ts";
import { atEveryMoment, interrupted } from "./interrupt.ts";
import { patient, UNHURRIED } from "./scene.ts";

const KEY = "position-unprotected-main";
const WISH = { reason: "The market looks wrong.", by: "alice" };

const hasBracket = ({ taken }: Operated): boolean =>
  taken.some((order) => order.legs.some((leg) => isLiveStatus(leg.status)));

const isTold = ({ alerts }: Operated): boolean =>
  alerts.some(({ key, action }) => key === KEY && action === "trigger");

describe("a position that is left without its bracket while nothing may be sent", () => {
  it("is told of, whenever the halt meets the exit that took the bracket away", async () => {
    let naked = 0;
    await atEveryMoment(async (at) => {
      const account = await openOperated();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      await account.reconcile();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        await account.halt(WISH, account.within(29_000));
      });
      account.plan("acceptAndFill");
      await runOnce(() => createExecuteOrder(deps)(exit, UNHURRIED));
      await account.reconcile();
      const isNaked = account.position() > 0 && !hasBracket(account);
      if (isNaked) naked += 1;
      expect.soft([at, isTold(account)]).toEqual([at, isNaked]);
      return { wasHeldUp: wasHeldUp() };
    });
    expect(naked).toBeGreaterThan(0);
  });

  it("keeps what is left of its bracket once the exit has seen the halt", async () => {
    await atEveryMoment(async (at) => {
      const account = await openOperated();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      await account.reconcile();
      const exit = patient({ side: "sell", purpose: "exit" }, account);
      let isHalted = false;
      let looks = 0;
      let cancelledBlindly = 0;
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        await account.halt(WISH, { remainingMs: () => 0 });
        isHalted = true;
      });
      const { ledger, broker } = deps;
      const loadCell = (name: string) => {
        if (isHalted) looks += 1;
        return ledger.loadCell(name);
      };
      const cancelOrder = (id: string) => {
        if (looks > 0) cancelledBlindly += 1;
        return broker.cancelOrder(id);
      };
      const watched = {
        ...deps,
        ledger: { ...ledger, loadCell },
        broker: { ...broker, cancelOrder },
      };
      await runOnce(() => createExecuteOrder(watched)(exit, UNHURRIED));
      expect.soft([at, cancelledBlindly]).toEqual([at, 0]);
      return { wasHeldUp: wasHeldUp() };
    });
  });

  it("is told of, where an entry is cancelled half filled", async () => {
    const account = await openOperated();
    await account.execute(intentOf({ count: 4 }), UNHURRIED);
    account.fillPart(intentOf().clientOrderId, shares(1));
    await account.reconcile();
    const answer = await account.halt(WISH, account.within(29_000));
    expect(account.position(IBM)).toBe(shares(1));
    expect(hasBracket(account)).toBe(false);
    expect(answer).toMatchObject({
      ok: true,
      value: { isProven: true, detail: expect.stringContaining("IBM") },
    });
    await account.reconcile();
    expect(isTold(account)).toBe(true);
  });

  it("is resolved once it may be closed, and stays so when all is flat", async () => {
    const account = await openOperated();
    const { telemetry, clock } = account.deps;
    const alerts = keepAlerts({ alerts: account.deps.alerts, telemetry, clock });
    const reconcile = createReconcileOrders({ ...account.deps, alerts });
    await account.execute(intentOf({ count: 4 }), UNHURRIED);
    account.fillPart(intentOf().clientOrderId, shares(1));
    await account.reconcile();
    await account.halt(WISH, { remainingMs: () => 0 });
    for (let run = 0; run < 3; run++) await reconcile();
    const told = (): readonly string[] =>
      account.alerts.flatMap(({ key, action }) => (key === KEY ? [action] : []));
    expect(told()).toEqual(["trigger"]);
    const wish = { ...WISH, suspendAtBroker: false };
    await account.flatten(wish, { remainingMs: () => 0 });
    await reconcile();
    expect(told()).toEqual(["trigger", "resolve"]);
    account.plan("acceptAndFill");
    await account.executeExits();
    await reconcile();
    expect((await account.cell()).tradingState.mode).toBe("halted");
    expect([account.position(), told()]).toEqual([0, ["trigger", "resolve"]]);
  });
});
