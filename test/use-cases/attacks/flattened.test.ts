import { describe, expect, it } from "vitest";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { IBM, intentOf, must } from "../../fixtures/orders.ts";
import { openOperated, type Operated } from "../operator.ts";
import { runOnce } from "../trading-account.ts";
import { patient, UNHURRIED } from "./scene.ts";

const MSFT = must(parseTicker("MSFT"));
const WISH = { reason: "Close everything.", by: "alice", suspendAtBroker: false };

/** Two shares of IBM in a bracket. */
const holdingIbm = async (): Promise<Operated> => {
  const account = await openOperated();
  account.plan("acceptAndFill");
  await account.execute(intentOf(), UNHURRIED);
  await account.reconcile();
  return account;
};

/** Cycles, whose exits the broker fills. */
const cycles = async (account: Operated): Promise<void> => {
  for (let minute = 0; minute < 3; minute++) {
    account.plan("acceptAndFill");
    await runOnce(() => account.executeExits());
    await runOnce(() => account.reconcile());
    account.advance(60_000);
  }
};

describe("what people flatten", () => {
  it("is closed although another order stands under one of our ids, which halts all else", async () => {
    const account = await holdingIbm();
    await account.execute(patient({ symbol: MSFT }, account), UNHURRIED);
    const strange = account.taken.at(-1);
    if (strange === undefined) throw new Error("The broker took no order.");
    account.taken[account.taken.length - 1] = { ...strange, quantity: shares(9) };
    await account.reconcile();
    expect((await account.cell()).tradingState.mode).toBe("halted");
    await account.flatten(WISH, account.within(29_000));
    await cycles(account);
    expect(account.position(IBM)).toBe(0);
    const { mode, isFlattening } = (await account.cell()).tradingState;
    expect([mode, isFlattening]).toEqual(["reducing", true]);
  });

  it("is still to be closed when the broker knows our credentials again", async () => {
    const account = await holdingIbm();
    await account.flatten(WISH, { remainingMs: () => 0 });
    account.plan("refuseCredentials");
    await runOnce(() => account.executeExits());
    expect((await account.cell()).tradingState).toMatchObject({ isFlattening: true, by: "alice" });
    expect(account.alerts).toContainEqual(
      expect.objectContaining({ key: "exit-refused-main-IBM" }),
    );
    account.advance(60_000);
    await account.flatten(WISH, { remainingMs: () => 0 });
    await cycles(account);
    expect(account.position(IBM)).toBe(0);
    expect((await account.cell()).tradingState).toMatchObject({ mode: "halted", by: "alice" });
  });

  it("stays open where a person halts instead", async () => {
    const account = await holdingIbm();
    await account.flatten(WISH, { remainingMs: () => 0 });
    await account.halt({ reason: "Stop.", by: "bob" }, { remainingMs: () => 0 });
    await cycles(account);
    expect(account.position(IBM)).toBe(shares(2));
    expect((await account.cell()).tradingState).toMatchObject({ mode: "halted", by: "bob" });
  });
});
