import { describe, expect, it } from "vitest";
import { ok } from "../../../shared/domain/result.ts";
import { createExecuteOrder } from "../../../shared/use-cases/execute-order.ts";
import { createReconcileOrders } from "../../../shared/use-cases/reconcile-orders.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { IBM, intentOf, must } from "../../fixtures/orders.ts";
import type { TradingAccount } from "../trading-account.ts";
import { heldInBracket, heldInLedger, patient, UNHURRIED } from "./scene.ts";

const ID = intentOf().clientOrderId;

/** What the account's functions are made from at a broker that has forgotten the entry alone. */
const withoutEntry = (account: TradingAccount): TradingAccount["deps"] => {
  const whole = account.deps.broker;
  const broker: TradingAccount["deps"]["broker"] = {
    ...whole,
    findOrder: async (id) => (id === ID ? ok({ type: "notFound" }) : whole.findOrder(id)),
    findOrders: async (asked) => {
      const found = await whole.findOrders(asked);
      return found.ok ? ok(new Map([...found.value].filter(([id]) => id !== ID))) : found;
    },
    listOpenOrders: async () => ok([]),
  };
  return { ...account.deps, broker };
};

describe("an order that the broker had and denies", () => {
  it("stands until a person gives it up, however long it is denied", async () => {
    const account = await heldInBracket();
    const reconcile = createReconcileOrders(withoutEntry(account));
    for (let hour = 0; hour < 5; hour++) {
      account.advance(3_600_000);
      expect((await reconcile()).isClean).toBe(false);
    }
    expect((await account.cell()).inFlight[ID]?.stage).toBe("protecting");
  });

  it("keeps its position from no exit once a person has given it up", async () => {
    const account = await heldInBracket();
    const deps = withoutEntry(account);
    const reconcile = createReconcileOrders(deps);
    const execute = createExecuteOrder(deps);
    await reconcile();
    account.plan("acceptAndFill");
    const early = patient({ side: "sell", purpose: "exit", minute: 1 }, account);
    expect(await execute(early, UNHURRIED)).toMatchObject({ reasons: ["protectionWorking"] });
    await reconcile({ adoptedBy: "alice" });
    expect((await reconcile()).differences).toEqual([]);
    const next = patient({ side: "sell", purpose: "exit", minute: 2 }, account);
    expect((await execute(next, UNHURRIED)).type).toBe("acknowledged");
    expect(account.position()).toBe(0);
  });

  it("is not given up while the broker lists its bracket: an exit would close as much again", async () => {
    const account = await heldInBracket();
    const { listOpenOrders } = account.deps.broker;
    const { broker, ...deps } = withoutEntry(account);
    const reconcile = createReconcileOrders({ ...deps, broker: { ...broker, listOpenOrders } });
    account.advance(60_000);
    const { differences } = await reconcile({ adoptedBy: "alice" });
    expect(differences.join()).toContain("denies knowing it");
    expect((await account.cell()).inFlight[ID]?.stage).toBe("protecting");
    expect((await account.reconcile()).isClean).toBe(true);
  });

  it("is given up with its position, where the broker's whole account began anew", async () => {
    const account = await heldInBracket();
    account.taken.length = 0;
    account.advance(3_600_000);
    await account.reconcile();
    await account.reconcile({ adoptedBy: "alice" });
    const { isClean, differences } = await account.reconcile();
    expect([isClean, differences, await heldInLedger(account)]).toEqual([true, [], 0]);
    expect((await account.cell()).inFlight).toEqual({});
  });

  it("is given up as well where the broker has another one under its id", async () => {
    const account = await heldInBracket();
    const held = account.taken[0];
    if (held === undefined) throw new Error("The broker took no order.");
    // A company that is named anew: so are its position and every order, in the broker's books.
    const renamed = must(parseTicker("MSFT"));
    account.taken[0] = { ...held, symbol: renamed };
    await account.reconcile();
    expect((await account.cell()).tradingState.mode).toBe("halted");
    await account.reconcile({ adoptedBy: "alice" });
    await account.reconcile();
    const { holdings, inFlight, tradingState } = await account.cell();
    expect(inFlight).toEqual({});
    expect([holdings[IBM]?.quantity ?? 0, holdings[renamed]?.quantity]).toEqual([0, shares(2)]);
    // Its legs are nobody's now: they keep entries off until a person has looked at them.
    expect((await account.reconcile()).differences).toEqual([
      expect.stringContaining("MSFT"),
      expect.stringContaining("MSFT"),
    ]);
    expect(tradingState.mode).toBe("halted");
  });

  it("is booked all the same if the broker shows it again", async () => {
    const account = await heldInBracket();
    await createReconcileOrders(withoutEntry(account))({ adoptedBy: "alice" });
    expect((await account.cell()).inFlight).toEqual({});
    account.stopOut(ID);
    await account.reconcile();
    expect([await heldInLedger(account), account.position()]).toEqual([0, 0]);
    expect((await account.reconcile()).isClean).toBe(true);
  });
});
