import { expect, it } from "vitest";
import { createOrderWitness } from "../../../local/replay/order-witness.ts";
import { createExchange } from "../../../local/exchange/core/exchange.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { shares } from "../../../shared/domain/market/quantity.ts";
import type { ClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import type { Claim, ControlCell } from "../../../shared/domain/risk/control-cell.ts";
import { cellOf, IBM, intentOf, NOW_MS, price } from "../../fixtures/orders.ts";

/** Claims that are sent and not yet answered. */
const claims = (...ids: readonly string[]): Pick<ControlCell, "inFlight"> => ({
  inFlight: Object.fromEntries(ids.map((id) => [id, claimOf(id)])),
});

const claimOf = (id: string): Claim => ({
  clientOrderId: id as ClientOrderId,
  claimId: "c1",
  epoch: 1,
  symbol: IBM,
  side: "buy",
  purpose: "entry",
  quantity: shares(1),
  filled: shares(0),
  filledPrice: null,
  price: price("100.10"),
  stage: "claimed",
  claimedAtMs: NOW_MS,
  submitByMs: NOW_MS + 10_000,
  validUntilMs: NOW_MS + 60_000,
  protection: null,
  closed: shares(0),
  closedPrice: null,
  liveLegIds: [],
  entryBeforeMs: null,
  absentSinceMs: null,
});

/** A witness between a ledger and an exchange. */
const openWitness = () => {
  const witness = createOrderWitness({ add: () => undefined, finish: () => "" });
  const exchange = createExchange({
    name: "test",
    startsAtMs: NOW_MS,
    startingCash: usd(100_000),
    journal: witness.journal,
  });
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
    send: (clientOrderId: string) => {
      const order = {
        symbol: IBM,
        side: "buy",
        type: "limit",
        timeInForce: "day",
        quantity: shares(1),
        limitPrice: price("100.00"),
        clientOrderId,
      } as const;
      if (!exchange.submitOrder(order, NOW_MS).ok) throw new Error("The order was refused.");
    },
  };
};

it("finds an order without a claim, and one decision that was sent twice", async () => {
  const { witness, save, send } = openWitness();
  const [claimed, unclaimed] = [0, 1].map((minute) => intentOf({ minute }).clientOrderId);
  await save(cellOf(claims(claimed!)), 1);
  send(claimed!);
  send(unclaimed!);
  send(unclaimed!.replace(/_0$/, "_1"));
  expect(witness.findFaults()).toEqual({ duplicateOrders: 1, unguardedOrders: 2 });
});

it("looks for a claim in every account's cell, however often the probe's is written", async () => {
  const { witness, save, send } = openWitness();
  const id = intentOf().clientOrderId;
  await save(cellOf(claims(id)), 1);
  for (let version = 1; version <= 3; version++) await save(cellOf({ account: "probe" }), version);
  send(id);
  expect(witness.findFaults()).toEqual({ duplicateOrders: 0, unguardedOrders: 0 });
});
