import { expect, it } from "vitest";
import { auditOrders } from "../../../local/drills/kills/audit-orders.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import type { ClientOrderId } from "../../../shared/domain/orders/client-order-id.ts";
import { openExchange, sendBehind } from "../../fixtures/exchange.ts";
import { cellOf, intentOf, NOW_MS } from "../../fixtures/orders.ts";

/** A ledger with a new account, and an exchange to which orders are sent behind its back. */
const openBooks = async () => {
  const ledger = createStoredLedger(createMemoryItemStore());
  const saved = await ledger.saveCell({ ...cellOf(), version: 1 }, { version: 0, epoch: 0 });
  if (!saved.ok) throw new Error("The fixture's cell was not stored.");
  const exchange = openExchange();
  return {
    ledger,
    exchange,
    send: (clientOrderId: string) => sendBehind(exchange, clientOrderId),
    claim: async (clientOrderId: ClientOrderId, atMs: number) => {
      const intent = { ...intentOf(), clientOrderId };
      const claimed = { epoch: 1, claimId: "c", submitByMs: atMs, quantity: intent.quantity };
      await ledger.appendEvents(clientOrderId, 0, [
        { type: "intentRecorded", atMs, intent, recordedBy: "test" },
        { type: "claimed", atMs, ...claimed },
      ]);
    },
  };
};

it("counts orders that were never claimed, or only after the exchange had them", async () => {
  const books = await openBooks();
  const [guarded, late, never] = [0, 1, 2].map((minute) => intentOf({ minute }).clientOrderId) as [
    ClientOrderId,
    ClientOrderId,
    ClientOrderId,
  ];
  await books.claim(guarded, NOW_MS - 1);
  await books.claim(late, NOW_MS + 1);
  for (const id of [guarded, late, never, "someone-else"]) books.send(id);
  expect(await auditOrders(books, "main")).toEqual({
    ordersSent: 4,
    fills: 0,
    duplicates: 0,
    unguarded: 3,
  });
});

it("counts a decision that was sent again under another revision of its id", async () => {
  const books = await openBooks();
  for (const revision of [0, 1]) books.send(intentOf({ revision }).clientOrderId);
  expect(await auditOrders(books, "main")).toMatchObject({ ordersSent: 2, duplicates: 1 });
});
