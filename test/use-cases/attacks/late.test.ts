import { describe, expect, it } from "vitest";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { intentOf, must } from "../../fixtures/orders.ts";
import { runOnce, type TradingAccount } from "../trading-account.ts";
import { heldInBracket, UNHURRIED } from "./scene.ts";

/** An account that holds two shares under their bracket, and whose next order fills. */
const held = async (): Promise<TradingAccount> => {
  const account = await heldInBracket();
  account.plan("acceptAndFill");
  return account;
};

const exitIn = async (account: TradingAccount, leftMs: number): Promise<void> => {
  const validUntilMs = account.nowMs() + leftMs;
  const intent = intentOf({ side: "sell", purpose: "exit", minute: 1 });
  await runOnce(() => account.execute({ ...intent, validUntilMs }, UNHURRIED));
};

const hasBracket = ({ taken }: TradingAccount): boolean =>
  taken[0]?.legs.some(({ status }) => status === "working") ?? false;

describe("an exit from under a bracket whose time is nearly over", () => {
  it("leaves the bracket alone, since nothing could be sold afterwards", async () => {
    for (const leftMs of [100, 300, 900, 1_900, 2_900]) {
      const account = await held();
      await exitIn(account, leftMs);
      expect.soft([leftMs, account.posts(), hasBracket(account)]).toEqual([leftMs, 1, true]);
    }
  });

  it("leaves it alone in the session's last seconds, or it would be missed over night", async () => {
    for (const leftMs of [500, 5_000, 9_900]) {
      const account = await held();
      const { closesAtMs } = must(marketPhase(account.nowMs()).session);
      account.advance(closesAtMs - leftMs - account.nowMs());
      await exitIn(account, leftMs);
      expect.soft([leftMs, account.posts(), hasBracket(account)]).toEqual([leftMs, 1, true]);
    }
  });

  it("goes where there is time, though its validity is short", async () => {
    const account = await held();
    await exitIn(account, 6_000);
    expect([account.posts(), account.position()]).toEqual([2, 0]);
  });
});
