import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shares } from "../../shared/domain/market/quantity.ts";
import { err, ok } from "../../shared/domain/result.ts";
import { createReconcileOrders } from "../../shared/use-cases/reconcile-orders.ts";
import { isLiveStatus } from "../../shared/domain/orders/broker-state.ts";
import { cellOf, holding, intentOf, IBM, NOW_MS } from "../fixtures/orders.ts";
import { openOperated, type Operated } from "./operator.ts";
import { runOnce } from "./trading-account.ts";

const WISH = { reason: "Going home.", by: "alice", suspendAtBroker: false };
const TIME = { remainingMs: () => 10_000 };

/** An account that has bought, with its bracket at the broker. */
const openBought = async (): Promise<Operated> => {
  const account = await openOperated();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), TIME);
  await account.reconcile();
  return account;
};

/** Executes what waits in the queue and fills it, and reconciles, minute by minute. */
const settle = async (account: Operated): Promise<void> => {
  for (let minute = 0; minute < 3; minute++) {
    account.plan("acceptAndFill", "acceptAndFill");
    await runOnce(() => account.executeExits());
    account.advance(60_000);
    await runOnce(() => account.reconcile());
  }
};

const isAnythingLive = ({ taken }: Operated): boolean =>
  taken.some((order) => [order, ...order.legs].some(({ status }) => isLiveStatus(status)));

describe("flattening", () => {
  it("story 11: says flat only when the broker holds no order and no position", async () => {
    const plans = fc.record({
      killedAt: fc.integer({ min: 1, max: 60 }),
      isRace: fc.boolean(),
      calls: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(plans, async ({ killedAt, isRace, calls }) => {
        const account = await openBought();
        if (isRace) account.loseNextCancelRace();
        account.killAtCall(killedAt);
        for (let call = 0; call < calls; call++) {
          await runOnce(() => account.flatten(WISH, account.within(29_000)));
          account.plan("acceptAndFill");
          await runOnce(() => account.executeExits());
        }
        account.killAtCall(undefined);
        // Whoever is not sure asks again, and no second exit comes of it.
        await runOnce(() => account.flatten(WISH, account.within(29_000)));
        await settle(account);
        await runOnce(() => account.flatten(WISH, { remainingMs: () => 0 }));
        await settle(account);
        const { tradingState, holdings } = await account.cell();
        const answer = await account.halt({ reason: "Look.", by: "bob" }, account.within(29_000));
        expect(tradingState).toMatchObject({ mode: "halted", isFlattening: false });
        // Flat and not beyond: the position was closed once.
        expect(account.position()).toBe(0);
        expect(holdings[IBM]?.quantity ?? 0).toBe(0);
        expect(isAnythingLive(account)).toBe(false);
        expect(answer).toMatchObject({ ok: true, value: { isProven: true } });
      }),
      { numRuns: 40 },
    );
  });

  it("sends one exit a symbol at once, halts when flat is proven, and not before", async () => {
    const account = await openBought();
    const answer = await account.flatten(WISH, account.within(29_000));
    const id = "hf_core_main_IBM_20260310_1000_sell_flatten_0";
    expect(answer).toMatchObject({
      ok: true,
      value: { isProven: false, exits: [id], tradingState: { mode: "reducing" } },
    });
    expect(answer.ok && answer.value.left).toContain("IBM");
    await settle(account);
    expect(account.position()).toBe(0);
    expect((await account.cell()).tradingState).toMatchObject({
      mode: "halted",
      isFlattening: false,
      reason: "Flat. Going home.",
    });
    expect(account.alerts).toContainEqual(
      expect.objectContaining({ key: "trading-halted-main", runbook: "trading-halted" }),
    );
    expect(account.alerts).toContainEqual(
      expect.objectContaining({ key: "trading-reducing-main", action: "resolve" }),
    );
  });

  it("asked again and again within a minute sells what is held once", async () => {
    const account = await openBought();
    for (let call = 0; call < 5; call++) await account.flatten(WISH, { remainingMs: () => 0 });
    await settle(account);
    expect(account.position()).toBe(0);
    expect(account.taken.filter((order) => order.side === "sell")).toHaveLength(1);
  });

  it("asks the broker to suspend trading only after flat is proven, and once", async () => {
    const account = await openBought();
    await account.flatten({ ...WISH, suspendAtBroker: true }, account.within(29_000));
    expect(account.suspensions()).toBe(0);
    await settle(account);
    expect(account.suspensions()).toBe(1);
    account.advance(60_000);
    await account.reconcile();
    expect(account.suspensions()).toBe(1);
    expect((await account.cell()).tradingState.suspendAtBroker).toBe(false);
  });

  it("asks again every minute while the broker does not take the suspension", async () => {
    const account = await openOperated();
    let asked = 0;
    const fault = { type: "VendorFault", vendor: "test", class: "NETWORK", detail: "503" } as const;
    const broker = {
      ...account.deps.broker,
      suspendTrading: async () => {
        asked += 1;
        return asked < 3 ? err(fault) : ok(undefined);
      },
    };
    const reconcile = createReconcileOrders({ ...account.deps, broker });
    await account.flatten({ ...WISH, suspendAtBroker: true }, { remainingMs: () => 0 });
    for (let minute = 0; minute < 5; minute++) {
      account.advance(60_000);
      await reconcile();
    }
    expect(asked).toBe(3);
  });

  it("story 10: waits for proof where a cancellation was accepted and the order filled", async () => {
    const account = await openBought();
    account.loseNextCancelRace();
    await account.flatten(WISH, { remainingMs: () => 0 });
    // The stop sold while its cancellation was under way: nothing more may be sold.
    await runOnce(() => account.executeExits());
    expect(account.position()).toBe(0);
    expect((await account.cell()).tradingState.mode).toBe("reducing");
    await account.reconcile();
    expect((await account.cell()).tradingState).toMatchObject({ mode: "halted" });
    expect(account.position()).toBe(0);
    expect(account.taken.filter(({ side }) => side === "sell")).toHaveLength(0);
  });

  it("of nothing is proven at once", async () => {
    const account = await openOperated();
    expect(await account.flatten(WISH, account.within(29_000))).toMatchObject({
      ok: true,
      value: { isProven: true, exits: [], left: [], tradingState: { mode: "halted" } },
    });
  });

  it("works from halted too, since closing only takes risk away", async () => {
    const account = await openBought();
    await account.halt({ reason: "First.", by: "bob" }, account.within(29_000));
    await account.flatten(WISH, account.within(29_000));
    await settle(account);
    expect(account.position()).toBe(0);
  });

  it("with the market closed sends nothing, keeps the wish, and does not wait for it", async () => {
    const account = await openOperated(cellOf(holding(2)));
    account.advance(12 * 3_600_000);
    const before = account.nowMs();
    const answer = await account.flatten(WISH, account.within(29_000));
    expect(answer).toMatchObject({ ok: true, value: { isProven: false, exits: [] } });
    expect(account.nowMs() - before).toBeLessThan(1_000);
    expect((await account.cell()).tradingState).toMatchObject({ isFlattening: true });
  });

  it("from a Region that does not trade keeps the wish, and leaves the exits to the one that does", async () => {
    const elsewhere = { activeRegion: "us-west-2", reconciliation: CLEAN };
    const account = await openOperated(cellOf({ ...holding(2), ...elsewhere }));
    const answer = await account.flatten(WISH, account.within(29_000));
    expect(answer).toMatchObject({ ok: true, value: { isProven: false, exits: [] } });
    expect((await account.cell()).tradingState).toMatchObject({ isFlattening: true });
    expect(await account.exits.receive(10)).toEqual([]);
    const halted = await account.halt({ reason: "Stop.", by: "bob" }, account.within(29_000));
    expect(halted).toMatchObject({ ok: true, value: { isProven: true } });
  });

  it("keeps the wish with the broker down, and closes when it is back", async () => {
    const account = await openBought();
    account.setBrokerDown(true);
    expect(await account.flatten(WISH, account.within(29_000))).toMatchObject({
      ok: true,
      value: { isProven: false },
    });
    account.setBrokerDown(false);
    await settle(account);
    expect(account.position()).toBe(0);
  });

  it("story 9: closes what no other exit is closing already", async () => {
    const account = await openOperated(cellOf({ ...holding(5), reconciliation: CLEAN }));
    account.plan("acceptAndLoseAnswer");
    await account.execute(intentOf({ side: "sell", purpose: "exit", count: 3 }), TIME);
    await account.flatten(WISH, { remainingMs: () => 0 });
    const [message] = await account.exits.receive(10);
    expect(JSON.parse(message?.body ?? "{}")).toMatchObject({ quantity: shares(2) });
  });
});

const CLEAN = { state: "clean", cleanAtMs: NOW_MS } as const;
