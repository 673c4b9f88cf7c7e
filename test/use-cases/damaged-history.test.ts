import { describe, expect, it } from "vitest";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import { cellOf, intentOf, must } from "../fixtures/orders.ts";
import { openAccount } from "./trading-account.ts";

const MSFT = must(parseTicker("MSFT"));
const UNHURRIED = { remainingMs: () => 30_000 };

describe("an order whose history is damaged", () => {
  it("stops entries and pages, and holds up no other order of the account", async () => {
    const account = await openAccount(cellOf({}, { minCooldownMinutes: 0 }));
    const [damaged, sound] = [intentOf(), intentOf({ symbol: MSFT, minute: 1 })];
    account.plan("acceptAndFill", "acceptAndFill");
    await account.execute(damaged, UNHURRIED);
    await account.execute(sound, UNHURRIED);
    await account.items.damage(
      {
        partition: "orders#main#20260310",
        sort: `${damaged.clientOrderId.split("_")[5]}#${damaged.clientOrderId}#00000`,
      },
      (item) => ({ ...item, document: { schemaVersion: 2, digest: "", body: [] } }),
    );
    const report = await account.reconcile();
    expect(report.isClean).toBe(false);
    expect(report.differences.join()).toContain(damaged.clientOrderId);
    expect(account.alerts.map(({ key }) => key)).toContain(
      "ledger-broker-differ-main-historyUnreadable",
    );
    const order = await account.ledger.loadOrder(sound.clientOrderId);
    expect(order.ok && order.value?.state.name).toBe("filled");
    const cell = await account.cell();
    expect(Object.keys(cell.holdings).toSorted()).toEqual(["IBM", "MSFT"]);
    const next = await account.execute(intentOf({ symbol: MSFT, minute: 2 }), UNHURRIED);
    expect(next.reasons).toContain("notReconciled");
  });
});
