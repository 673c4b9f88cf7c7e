import { expect, it } from "vitest";
import { createOrderWitness } from "../../../local/replay/order-witness.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { claimOf, inFlightOf } from "../../fixtures/claims.ts";
import { openExchange, sendBehind } from "../../fixtures/exchange.ts";
import { cellOf, intentOf } from "../../fixtures/orders.ts";

/** A witness between a ledger and an exchange. */
const openWitness = () => {
  const witness = createOrderWitness({ add: () => undefined });
  const exchange = openExchange({ journal: witness.journal });
  const ledger = witness.watch(createStoredLedger(createMemoryItemStore()));
  return {
    witness,
    save: async (cell: ReturnType<typeof cellOf>, version: number) => {
      const saved = await ledger.saveCell(
        { ...cell, version },
        {
          version: version - 1,
          epoch: version === 1 ? 0 : 1,
        },
      );
      if (!saved.ok) throw new Error("The fixture's cell was not stored.");
    },
    send: (clientOrderId: string) => sendBehind(exchange, clientOrderId),
  };
};

it("finds an order without a claim, and one decision that was sent twice", async () => {
  const { witness, save, send } = openWitness();
  const claimed = intentOf({ minute: 0 });
  const unclaimed = intentOf({ minute: 1 }).clientOrderId;
  await save(cellOf(inFlightOf(claimOf(claimed))), 1);
  send(claimed.clientOrderId);
  send(unclaimed);
  send(unclaimed.replace(/_0$/, "_1"));
  expect(witness.findFaults()).toEqual({ duplicateOrders: 1, unguardedOrders: 2 });
});

it("looks for a claim in every account's cell, however often the probe's is written", async () => {
  const { witness, save, send } = openWitness();
  const intent = intentOf();
  await save(cellOf(inFlightOf(claimOf(intent))), 1);
  for (let version = 1; version <= 3; version++) await save(cellOf({ account: "probe" }), version);
  send(intent.clientOrderId);
  expect(witness.findFaults()).toEqual({ duplicateOrders: 0, unguardedOrders: 0 });
});
