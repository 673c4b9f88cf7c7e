import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetryableError } from "../../shared/domain/fault.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { ok } from "../../shared/domain/result.ts";
import { createExecuteOrder } from "../../shared/use-cases/execute-order.ts";
import {
  type BackedUpAccount,
  type Happening,
  happen,
  happening,
  must,
  openBackedUp,
} from "./backed-up-account.ts";
import { IBM, intentOf } from "../fixtures/orders.ts";
import { runOnce } from "./trading-account.ts";

const UNHURRIED = { remainingMs: () => 600_000 };
const ENTRY = intentOf({ count: 4 });

const exitOf = ({ account }: BackedUpAccount, minute: number, count = 4) => ({
  ...intentOf({ side: "sell", purpose: "exit", count, minute }),
  validUntilMs: account.nowMs() + 3_600_000,
});

/** An account that holds four shares under their bracket. */
const held = async (): Promise<BackedUpAccount> => {
  const world = await openBackedUp();
  world.account.plan("acceptAndFill");
  await world.account.execute(ENTRY, UNHURRIED);
  await world.account.reconcile();
  return world;
};

describe("an exit between a restore and the taking up of what was lost", () => {
  it("never leaves a position on its own side, whatever the backup has missed", async () => {
    const story = fc.array(happening, { maxLength: 4 });
    const sold = fc.constantFrom<Happening>(
      { exit: "acceptAndFill", killAt: null },
      { exit: "acceptAndLoseAnswer", killAt: null },
      { stopOut: true },
      { waitMs: 500 },
    );
    await fc.assert(
      fc.asyncProperty(story, sold, story, story, async (first, lost, second, third) => {
        const world = await openBackedUp();
        const { account } = world;
        await happen(account, { deliver: "acceptAndFill", killAt: null });
        await account.reconcile();
        for (const next of first) await happen(account, next);
        await world.backUp();
        for (const next of [lost, ...second]) await happen(account, next);
        must(await world.restore());
        for (const [minute, next] of [{ fill: true } as const, ...third].entries()) {
          const exit = exitOf(world, minute + 2);
          account.plan("acceptAndFill");
          await runOnce(() => account.execute(exit, UNHURRIED));
          expect(account.position()).toBeGreaterThanOrEqual(0);
          await happen(account, next);
          expect(account.position()).toBeGreaterThanOrEqual(0);
        }
        for (let run = 0; run < 8; run++) {
          await runOnce(() => account.reconcile());
          account.advance(3_600_000);
        }
        const cell = await account.cell();
        expect(cell.holdings[IBM]?.quantity ?? 0).toBe(account.position());
        expect(cell.reconciliation.state).toBe("clean");
      }),
      { numRuns: 60 },
    );
  });

  it("closes what is left, though the books are of before a part of it was sold", async () => {
    const world = await held();
    const { account } = world;
    await world.backUp();
    account.plan("acceptAndFill");
    await account.execute(exitOf(world, 1, 3), UNHURRIED);
    await world.restore();
    account.plan("acceptAndFill");
    const outcome = await account.execute(exitOf(world, 2), UNHURRIED);
    expect(outcome.type).toBe("acknowledged");
    expect(account.taken.at(-1)?.quantity).toBe(shares(1));
    expect(account.position()).toBe(0);
    await account.reconcile();
    expect((await account.cell()).reconciliation.state).toBe("clean");
  });

  it("sends nothing where the stop has closed it since the backup", async () => {
    const world = await held();
    const { account } = world;
    await world.backUp();
    account.stopOut(ENTRY.clientOrderId);
    await world.restore();
    const posts = account.posts();
    const outcome = await account.execute(exitOf(world, 1), UNHURRIED);
    expect([outcome.type, account.posts()]).toEqual(["denied", posts]);
  });

  it("waits for its bracket to be known again, and then goes", async () => {
    const world = await openBackedUp();
    const { account } = world;
    await world.backUp();
    account.plan("acceptAndFill");
    await account.execute(ENTRY, UNHURRIED);
    await world.restore();
    const early = await account.execute(exitOf(world, 1), UNHURRIED);
    expect(early).toEqual({ type: "denied", reasons: ["exitInFlight"] });
    await account.reconcile();
    account.plan("acceptAndFill");
    const outcome = await account.execute(exitOf(world, 2), UNHURRIED);
    expect([outcome.type, account.position()]).toEqual(["acknowledged", 0]);
  });

  it("comes again while the broker's list still shows the bracket that was taken away for it", async () => {
    const world = await held();
    const { account } = world;
    await world.backUp();
    must(await world.restore());
    let late = must(await account.deps.broker.listOpenOrders());
    const { broker } = account.deps;
    const listOpenOrders = async () => {
      const shown = late;
      late = must(await broker.listOpenOrders());
      return ok(shown);
    };
    const execute = createExecuteOrder({ ...account.deps, broker: { ...broker, listOpenOrders } });
    const exit = exitOf(world, 1);
    await expect(execute(exit, UNHURRIED)).rejects.toThrow(RetryableError);
    account.plan("acceptAndFill");
    expect(await execute(exit, UNHURRIED)).toEqual({ type: "acknowledged", reasons: [] });
    expect(account.position()).toBe(0);
  });

  it("comes again while the broker cannot be read, and is not burnt by that", async () => {
    const world = await held();
    const { account } = world;
    // Its bracket is gone already: nothing else would ask the broker.
    for (const { brokerOrderId } of account.taken[0]?.legs ?? []) {
      await account.deps.broker.cancelOrder(brokerOrderId);
    }
    await account.reconcile();
    await world.backUp();
    await world.restore();
    const exit = exitOf(world, 1);
    account.setBrokerDown(true);
    await expect(account.execute(exit, UNHURRIED)).rejects.toThrow(RetryableError);
    account.setBrokerDown(false);
    account.plan("acceptAndFill");
    expect(await account.execute(exit, UNHURRIED)).toEqual({ type: "acknowledged", reasons: [] });
    expect(account.position()).toBe(0);
  });
});
