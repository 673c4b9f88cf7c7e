import { describe, expect, it } from "vitest";
import { marketPhase } from "../../../shared/domain/market/calendar.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { QUIET_WINDOW_MS } from "../../../shared/domain/reconciliation/settle-claims.ts";
import { type ControlCell, isOpen } from "../../../shared/domain/risk/control-cell.ts";
import { decideSymbol, type Decision } from "../../../shared/use-cases/decide/decide-symbol.ts";
import { cellOf, DATE, holding, IBM, intentOf, NOW_MS, quoteOf } from "../../fixtures/orders.ts";
import { openAccount, settings, type TradingAccount } from "../trading-account.ts";
import { patient, UNHURRIED } from "./scene.ts";

/** What is decided at the entry's own price, where no rule wants to close. */
const decide = (cell: ControlCell, nowMs: number): Decision => {
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
  return decideSymbol(
    { ...common, quote, cell, session, sessionDate: DATE, slotMs, nowMs },
    settings,
  );
};

const decideNow = async (account: TradingAccount): Promise<Decision> =>
  decide(await account.cell(), account.nowMs());

describe("story 12: a position whose bracket was cancelled for an exit that never arrived", () => {
  it("is closed as soon as that exit is settled, though its reason is gone", async () => {
    const account = await openAccount();
    account.plan("acceptAndFill");
    await account.execute(intentOf(), UNHURRIED);
    await account.reconcile();
    expect((await decideNow(account)).intent).toBeUndefined();
    account.plan("loseRequest");
    const exit = patient({ side: "sell", purpose: "exit" }, account);
    expect((await account.execute(exit, UNHURRIED)).type).toBe("unknown");
    // It may have been sold: nothing is sent beside it.
    expect((await decideNow(account)).intent).toBeUndefined();
    account.advance(11_000);
    await account.reconcile();
    expect((await decideNow(account)).intent).toBeUndefined();
    account.advance(QUIET_WINDOW_MS + 1);
    await account.reconcile();
    const { intent } = await decideNow(account);
    expect(intent).toMatchObject({ purpose: "exit", side: "sell", quantity: shares(2) });
    expect(intent?.reason).toBe("unprotected");
    if (intent === undefined) return;
    account.plan("acceptAndFill");
    expect((await account.execute(intent, UNHURRIED)).type).toBe("acknowledged");
    expect(account.position()).toBe(0);
  });

  it("stays open where it was taken over without a bracket", () => {
    const { [IBM]: position } = holding(2).holdings;
    if (position === undefined || !isOpen(position)) throw new Error("The fixture holds nothing.");
    const takenOver = { ...position, openedAtMs: NOW_MS, lastEntryAtMs: null };
    const cell = cellOf({ holdings: { [IBM]: takenOver } });
    expect(decide(cell, NOW_MS).intent).toBeUndefined();
  });
});
