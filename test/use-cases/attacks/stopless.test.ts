import { describe, expect, it } from "vitest";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { BrokerOrderStatus } from "../../../shared/domain/orders/broker-state.ts";
import { haltTrading } from "../../../shared/domain/risk/trading-state.ts";
import { unprotectedIn } from "../../../shared/domain/risk/unprotected.ts";
import { decideSymbol } from "../../../shared/use-cases/decide/decide-symbol.ts";
import { updateCell } from "../../../shared/use-cases/update-cell.ts";
import { DATE, IBM, intentOf, quoteOf } from "../../fixtures/orders.ts";
import { openAccount, settings, type TradingAccount } from "../trading-account.ts";
import { heldInBracket, UNHURRIED } from "./scene.ts";

const decideNow = async (account: TradingAccount) => {
  const nowMs = account.nowMs();
  const { session } = marketPhase(nowMs);
  const common = {
    symbol: IBM,
    lastKnown: undefined,
    flow: undefined,
    tide: undefined,
    withoutFlow: "flowMissing" as const,
  };
  const slotMs = Math.floor(nowMs / 60_000) * 60_000;
  const quote = quoteOf("100.04", "100.06", nowMs - 1_000);
  const cell = await account.cell();
  return decideSymbol(
    { ...common, quote, cell, session, sessionDate: DATE, slotMs, nowMs },
    settings,
  );
};

const dropStop = (account: TradingAccount, status: BrokerOrderStatus): void => {
  const [order] = account.taken;
  if (order === undefined) throw new Error("Nothing was taken.");
  account.taken[0] = {
    ...order,
    legs: order.legs.map((leg) => (leg.role === "stop" ? { ...leg, status } : leg)),
  };
};

/** Holds two shares whose stop has become this, while their target still works. */
const holdWithStopAs = async (status: BrokerOrderStatus): Promise<TradingAccount> => {
  const account = await heldInBracket();
  dropStop(account, status);
  account.advance(60_000);
  await account.reconcile();
  return account;
};

describe("a bracket whose stop the broker has dropped while its target works", () => {
  it.each(["cancelled", "rejected", "expired"] as const)(
    "protects nothing once the stop is %s: the position is closed by the next cycle",
    async (status) => {
      const account = await holdWithStopAs(status);
      expect(unprotectedIn(await account.cell())).toEqual(["IBM"]);
      const { intent } = await decideNow(account);
      expect(intent).toMatchObject({ purpose: "exit", quantity: shares(2), reason: "unprotected" });
      if (intent === undefined) return;
      account.plan("acceptAndFill");
      expect((await account.execute(intent, UNHURRIED)).type).toBe("acknowledged");
      await account.reconcile();
      expect(account.position()).toBe(0);
      expect(account.taken[0]?.legs.map((leg) => leg.status)).toEqual([status, "cancelled"]);
      expect((await account.cell()).inFlight).toEqual({});
    },
  );

  it.each(["working", "pending", "replaced", "unlisted"] as const)(
    "is left alone while the stop is %s",
    async (status) => {
      const account = await holdWithStopAs(status);
      expect(unprotectedIn(await account.cell())).toEqual([]);
      expect((await decideNow(account)).intent).toBeUndefined();
    },
  );

  it("is told of while trading is halted, when no cycle may close it", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), UNHURRIED);
    await account.reconcile();
    await updateCell(account.deps, await account.cell(), (cell) =>
      haltTrading(cell, { reason: "A test.", by: "test", atMs: account.nowMs() }),
    );
    dropStop(account, "rejected");
    await account.reconcile();
    expect(account.alerts.map(({ key }) => key)).toContain("position-unprotected-main");
  });
});
