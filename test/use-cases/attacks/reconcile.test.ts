import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { QUIET_WINDOW_MS } from "../../../shared/domain/reconciliation/settle-claims.ts";
import { RetryableError } from "../../../shared/domain/fault.ts";
import { err, ok } from "../../../shared/domain/result.ts";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
import type { Broker } from "../../../shared/ports/broker.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import { cellOf, intentOf } from "../../fixtures/orders.ts";
import { openAccount, runOnce } from "../trading-account.ts";
import { atEveryMoment, interrupted } from "./interrupt.ts";
import { handOver, heldInLedger, patient, UNHURRIED } from "./scene.ts";

const publish = () => Promise.reject(new RetryableError("Nobody can be told."));

describe("a reconciliation that is held up after it has read the broker", () => {
  it("takes nothing over from what it saw before others wrote", async () => {
    await atEveryMoment(async (at) => {
      const account = await openAccount();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      await account.reconcile();
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        account.stopOut(intentOf().clientOrderId);
        await account.reconcile();
      });
      await runOnce(() => createReconcileOrders(deps)({ adoptedBy: "ann" }));
      await account.reconcile();
      const cell = await account.cell();
      expect.soft([at, await heldInLedger(account)]).toEqual([at, wasHeldUp() ? 0 : shares(2)]);
      expect.soft([at, cell.tradingState.mode]).toEqual([at, "active"]);
      const orphans = account.alerts.filter(({ key }) => key.startsWith("orphan-order"));
      expect.soft([at, orphans]).toEqual([at, []]);
      return { wasHeldUp: wasHeldUp() };
    });
  });

  it("still ends while orders are claimed one after another", async () => {
    const account = await openAccount(cellOf({}, { minCooldownMinutes: 0 }));
    let minute = 0;
    const deps = {
      ...account.deps,
      ledger: {
        ...account.ledger,
        saveCell: async (...args: Parameters<typeof account.ledger.saveCell>) => {
          if (minute < 3) {
            const intent = patient({ count: 1, minute: (minute += 1) }, account);
            await runOnce(() => account.execute(intent, UNHURRIED));
          }
          return account.ledger.saveCell(...args);
        },
      },
    };
    const report = await createReconcileOrders(deps)();
    expect(report.isClean).toBe(true);
    expect(account.taken.length).toBeGreaterThan(0);
  });
});

describe("an order that arrives after it was given up", () => {
  it("is found with its bracket, so that the position can be closed", async () => {
    const account = await openAccount();
    account.plan("loseRequest");
    await account.execute(intentOf(), UNHURRIED);
    account.advance(11_000);
    await account.reconcile();
    account.advance(QUIET_WINDOW_MS + 1);
    await account.reconcile();
    expect((await account.cell()).inFlight).toEqual({});
    // The zombie's request arrives after all, and fills at once.
    const other = await openAccount();
    other.plan("acceptAndFill");
    await other.execute(intentOf(), UNHURRIED);
    account.taken.push(...other.taken);
    await account.reconcile();
    expect(await heldInLedger(account)).toBe(shares(2));
    const { [intentOf().clientOrderId]: claim } = (await account.cell()).inFlight;
    expect(claim?.stage).toBe("protecting");
    const exit = patient({ side: "sell", purpose: "exit", minute: 2 }, account);
    expect((await account.execute(exit, UNHURRIED)).type).toBe("acknowledged");
    account.fill(exit.clientOrderId);
    expect(account.position()).toBe(0);
    await account.reconcile();
    expect(await heldInLedger(account)).toBe(0);
  });

  it("is counted once, wherever the run that finds it dies", async () => {
    for (let call = 1; call <= 40; call++) {
      const account = await openAccount();
      account.plan("loseRequest");
      await account.execute(intentOf(), UNHURRIED);
      account.advance(11_000);
      await account.reconcile();
      account.advance(QUIET_WINDOW_MS + 1);
      await account.reconcile();
      const other = await openAccount();
      other.plan("acceptAndFill");
      await other.execute(intentOf(), UNHURRIED);
      account.taken.push(...other.taken);
      account.killAtCall(call);
      await runOnce(() => account.reconcile());
      account.killAtCall(undefined);
      await account.reconcile();
      const cell = await account.cell();
      expect.soft([call, await heldInLedger(account)]).toEqual([call, shares(2)]);
      expect.soft([call, cell.tradingState.mode]).toEqual([call, "active"]);
    }
  });
});

describe("an order that the broker denies and lists as open", () => {
  it("keeps its claim for as long as it is listed", async () => {
    const account = await openAccount();
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf(), UNHURRIED);
    const broker: Broker = {
      ...account.deps.broker,
      findOrder: () => Promise.resolve(ok({ type: "notFound" })),
    };
    const reconcile = createReconcileOrders({ ...account.deps, broker });
    for (let minute = 0; minute < 5; minute++) {
      account.advance(QUIET_WINDOW_MS + 1);
      expect((await reconcile()).isClean).toBe(false);
    }
    const cell = await account.cell();
    expect(Object.keys(cell.inFlight)).toEqual([intentOf().clientOrderId]);
    expect(account.taken[0]?.status).toBe("working");
  });
});

describe("entries that may not work any longer", () => {
  it.each(["history", "alert"])(
    "are all cancelled although this cannot be written: %s",
    async (what) => {
      const account = await openAccount(cellOf({}, { minCooldownMinutes: 0 }));
      for (const minute of [0, 1]) {
        const intent = patient({ count: 1, minute }, account);
        expect((await account.execute(intent, UNHURRIED)).type).toBe("acknowledged");
        await account.reconcile();
      }
      const other = await openAccount();
      await other.execute(intentOf({ minute: 2 }), UNHURRIED);
      const [orphan] = other.taken;
      if (orphan === undefined) throw new Error("Nothing was sent.");
      account.taken.push({ ...orphan, brokerOrderId: "orphan" });
      const change = { reason: "Stop.", by: "ann", atMs: account.nowMs() };
      await updateCell(account.deps, await account.cell(), (cell) => haltTrading(cell, change));
      const fault = { type: "LedgerUnavailable", detail: "timeout" } as const;
      const { ledger, alerts } = account.deps;
      const deps =
        what === "history"
          ? { ...account.deps, ledger: { ...account.ledger, appendEvents: async () => err(fault) } }
          : { ...account.deps, ledger, alerts: { ...alerts, publish } };
      await runOnce(() => createReconcileOrders(deps)());
      expect(account.taken.map(({ status }) => status)).toEqual(Array(3).fill("cancelled"));
    },
  );
});

describe("a Region that was fenced while it reconciled", () => {
  it("reconciles nothing any more", async () => {
    await atEveryMoment(async (at) => {
      const account = await openAccount();
      account.plan("acceptAndFill");
      await account.execute(intentOf(), UNHURRIED);
      let version = 0;
      const { deps, wasHeldUp } = interrupted(account, at, async () => {
        await handOver(account);
        ({ version } = await account.cell());
      });
      await runOnce(() => createReconcileOrders(deps)());
      const cell = await account.cell();
      if (wasHeldUp()) expect.soft([at, cell.version]).toEqual([at, version]);
      return { wasHeldUp: wasHeldUp() };
    });
  });
});
