import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item, ItemKey } from "../../../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { sealDocument } from "../../../shared/adapters/stored/sealed-item.ts";
import { canonicalJson } from "../../../shared/domain/canonical-json.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import { intentOf, OPEN_MS, recorded, SESSION } from "../../contracts/arbitraries.ts";
import { createTextItemStore, type TextItemStore } from "./text-item-store.ts";

const intent = intentOf("main", 5);
const id = intent.clientOrderId;
const partition = "orders#main#20260115";

const keyAt = (sequence: number): ItemKey => ({
  partition,
  sort: `${id.split("_")[5]}#${id}#${sequence.toString().padStart(5, "0")}`,
});

/** One item each, none of which the order's state minds. */
const RUNS: readonly OrderEvent[] = [
  recorded(intent),
  { type: "claimed", atMs: OPEN_MS, epoch: 1, claimId: "c", submitByMs: OPEN_MS, quantity: null },
  { type: "acknowledged", atMs: OPEN_MS, brokerOrderId: "b1" },
  { type: "cancelRequested", atMs: OPEN_MS, reason: "late" },
  { type: "cancelRequested", atMs: OPEN_MS, reason: "later" },
  { type: "cancelled", atMs: OPEN_MS },
];

const written = async (): Promise<TextItemStore> => {
  const store = createTextItemStore();
  const ledger = createStoredLedger(store);
  for (const [sequence, event] of RUNS.entries()) {
    expect((await ledger.appendEvents(id, sequence, [event])).ok).toBe(true);
  }
  return store;
};

/** An item as a forger who knows the format would store it: its own seal holds. */
const resealed = (item: Item, change: (events: OrderEvent[]) => OrderEvent[]): Item => {
  const document = item.document as { previous: string | null; body: OrderEvent[] };
  return { ...item, document: sealDocument(item, change(document.body), 4, document.previous) };
};

const sealedBefore4 = (key: ItemKey, events: readonly OrderEvent[]): Item => ({
  ...key,
  document: {
    schemaVersion: 3,
    digest: createHash("sha256")
      .update(canonicalJson([key.partition, key.sort, 3, events]))
      .digest("hex"),
    body: events,
  },
});

describe("the chain of an order's history", () => {
  it("breaks behind an item that was changed, although that item's own seal holds", async () => {
    const middle = fc.integer({ min: 0, max: RUNS.length - 2 });
    await fc.assert(
      fc.asyncProperty(middle, async (sequence) => {
        const store = await written();
        await store.damage(keyAt(sequence), (item) =>
          resealed(item, (events) => events.map((event) => ({ ...event, atMs: event.atMs + 1 }))),
        );
        const ledger = createStoredLedger(store);
        const corrupt = {
          ok: false,
          error: { type: "LedgerCorrupt", key: `${partition}/${keyAt(sequence + 1).sort}` },
        };
        expect(await ledger.loadOrder(id)).toMatchObject(corrupt);
        expect(await ledger.loadEvents(id)).toMatchObject(corrupt);
        expect(await ledger.listOrders("main", SESSION, 10)).toMatchObject(corrupt);
        expect(await ledger.appendEvents(id, RUNS.length, [RUNS[0]!])).toMatchObject(corrupt);
      }),
      { numRuns: RUNS.length * 3 },
    );
  });

  it("breaks where two items exchanged what they tell, each under a seal that holds", async () => {
    const store = await written();
    const [third, fourth] = [RUNS[3]!, RUNS[4]!];
    await store.damage(keyAt(3), (item) => resealed(item, () => [fourth]));
    await store.damage(keyAt(4), (item) => resealed(item, () => [third]));
    expect(await createStoredLedger(store).loadEvents(id)).toMatchObject({
      ok: false,
      error: { type: "LedgerCorrupt", key: `${partition}/${keyAt(4).sort}` },
    });
  });

  it("breaks where an item is lost, and names the first that should be there", async () => {
    const store = createTextItemStore();
    const whole = await written();
    for (const sequence of [0, 1, 2, 4, 5]) {
      const item = await whole.get(keyAt(sequence));
      if (item !== undefined) await store.put(item, { type: "none" });
    }
    expect(await createStoredLedger(store).loadEvents(id)).toMatchObject({
      ok: false,
      error: { type: "LedgerCorrupt", detail: "Event 3 is missing or stored twice." },
    });
  });

  it("breaks where an item without a link was put behind linked ones", async () => {
    const store = await written();
    await store.damage(keyAt(4), (item) => sealedBefore4(item, [RUNS[4]!]));
    expect((await createStoredLedger(store).loadEvents(id)).ok).toBe(false);
  });

  it("goes on behind a history that was written before there was one", async () => {
    const store = createTextItemStore();
    await store.put(sealedBefore4(keyAt(0), [RUNS[0]!]), { type: "none" });
    await store.put(sealedBefore4(keyAt(1), [RUNS[1]!]), { type: "none" });
    const ledger = createStoredLedger(store);
    expect((await ledger.loadOrder(id)).ok).toBe(true);
    expect((await ledger.appendEvents(id, 2, [RUNS[2]!])).ok).toBe(true);
    expect(await createStoredLedger(store).loadEvents(id)).toEqual({
      ok: true,
      value: RUNS.slice(0, 3),
    });
    await store.damage(keyAt(1), (item) =>
      sealedBefore4(item, [{ ...RUNS[1]!, atMs: OPEN_MS + 1 }]),
    );
    expect((await createStoredLedger(store).loadEvents(id)).ok).toBe(false);
  });

  it("is extended without reading by whoever read or wrote what stands before", async () => {
    const store = createTextItemStore();
    let queries = 0;
    const counted = {
      ...store,
      query: (...args: Parameters<typeof store.query>) => {
        queries += 1;
        return store.query(...args);
      },
    };
    const ledger = createStoredLedger(counted);
    await ledger.appendEvents(id, 0, RUNS.slice(0, 1));
    await ledger.appendEvents(id, 1, RUNS.slice(1, 3));
    expect(queries).toBe(0);
    const other = createStoredLedger(counted);
    await other.loadOrder(id);
    await other.appendEvents(id, 3, RUNS.slice(3, 4));
    expect(queries).toBe(1);
    await createStoredLedger(counted).appendEvents(id, 4, RUNS.slice(4));
    expect(queries).toBe(2);
    expect(await ledger.loadEvents(id)).toEqual({ ok: true, value: RUNS });
  });
});
