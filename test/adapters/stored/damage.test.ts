import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "../../../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { sealDocument } from "../../../shared/adapters/stored/sealed-item.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import { FLAT } from "../../../shared/domain/risk/control-cell.ts";
import type { OrderEvent } from "../../../shared/domain/orders/order-event.ts";
import {
  cellArbitrary,
  evidenceArbitrary,
  firstCell,
  flowArbitrary,
  intentOf,
  OPEN_MS,
  quoteArbitrary,
  recorded,
  SESSION,
  ticker,
  tideArbitrary,
} from "../../contracts/arbitraries.ts";
import { createTextItemStore } from "./text-item-store.ts";

const CELL_KEY = { partition: "cell#main", sort: "cell" };
const NONE_STORED = { version: 0, epoch: 0 };

/** Every path to a leaf of a JSON value. */
const leavesOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [path];

/** The JSON value with the leaf at `path` replaced. */
const withLeaf = (value: unknown, path: readonly string[], leaf: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return leaf;
  if (Array.isArray(value)) {
    return value.map((inner, index) => (`${index}` === key ? withLeaf(inner, rest, leaf) : inner));
  }
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [key]: withLeaf(record[key], rest, leaf) };
};

const sealed = (body: unknown) => (item: Item) => ({
  ...item,
  document: sealDocument(CELL_KEY, body, 3),
});

describe("a damaged control cell", () => {
  it("is never read as a cell, whichever leaf was changed to whatever", async () => {
    const plan = fc.tuple(cellArbitrary("main"), fc.nat(), fc.jsonValue({ maxDepth: 1 }));
    await fc.assert(
      fc.asyncProperty(plan, async ([cell, position, leaf]) => {
        const store = createTextItemStore();
        const ledger = createStoredLedger(store);
        await ledger.saveCell(cell, NONE_STORED);
        let isChanged = false;
        await store.damage(CELL_KEY, (item) => {
          const leaves = leavesOf(item.document);
          const document = withLeaf(item.document, leaves[position % leaves.length] ?? [], leaf);
          isChanged = JSON.stringify(document) !== JSON.stringify(item.document);
          return { ...item, document };
        });
        const loaded = await ledger.loadCell("main");
        expect(loaded.ok).toBe(!isChanged);
        if (!loaded.ok) expect(loaded.error.type).toBe("LedgerCorrupt");
      }),
      { numRuns: 300 },
    );
  });

  const cell = firstCell("main");
  const damages: Readonly<Record<string, (item: Item) => Item>> = {
    "is of an unknown schema version": sealed({ ...cell, schemaVersion: 4 }),
    "has a field that this version does not know": sealed({ ...cell, bonus: 1 }),
    "lacks a field": sealed({ ...cell, limitsDigest: undefined }),
    "holds money that is no integer": sealed({
      ...cell,
      limits: { ...cell.limits, maxPositionSize: 0.5 },
    }),
    "holds shares of which it knows no price: no rule would ever leave them": sealed({
      ...cell,
      holdings: { SPY: { ...FLAT, quantity: 1_000_000_000 } },
    }),
    "knows a price of what it does not hold": sealed({
      ...cell,
      holdings: { SPY: { ...FLAT, averagePrice: 1_000_000, openedAtMs: OPEN_MS } },
    }),
    "is another account's": sealed({ ...cell, account: "other" }),
    "is stored under another version": (item) => ({ ...item, revision: { version: 9, epoch: 1 } }),
    "is stored under another epoch": (item) => ({ ...item, revision: { version: 1, epoch: 9 } }),
    "has no version to compare": ({ partition, sort, document }) => ({ partition, sort, document }),
    "is not JSON": (item) => ({ ...item, document: undefined }),
    "was sealed for another place": (item) => ({
      ...item,
      document: sealDocument({ partition: "cell#other", sort: "cell" }, cell, 3),
    }),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`that ${what} is corrupt, named by its key, and blocks writes`, async () => {
      const store = createTextItemStore();
      const ledger = createStoredLedger(store);
      await ledger.saveCell(cell, NONE_STORED);
      await store.damage(CELL_KEY, damage);
      const corrupt = { ok: false, error: { type: "LedgerCorrupt", key: "cell#main/cell" } };
      expect(await ledger.loadCell("main")).toMatchObject(corrupt);
      expect(await ledger.saveCell(cell, NONE_STORED)).toMatchObject(corrupt);
    });
  }
});

describe("a damaged history", () => {
  const intent = intentOf("main", 5);
  const key = {
    partition: "orders#main#20260115",
    sort: `${intent.clientOrderId.split("_")[5]}#${intent.clientOrderId}#00000`,
  };
  const denied: OrderEvent = {
    type: "denied",
    atMs: OPEN_MS,
    denials: [{ reason: "cooldown", detail: "" }],
  };
  const expectCorrupt = async (store: ReturnType<typeof createTextItemStore>) => {
    const ledger = createStoredLedger(store);
    const corrupt = { ok: false, error: { type: "LedgerCorrupt" } };
    expect(await ledger.loadOrder(intent.clientOrderId)).toMatchObject(corrupt);
    expect(await ledger.listOrders("main", SESSION, 10)).toMatchObject(corrupt);
  };

  it("is corrupt where one byte of an event differs", async () => {
    const store = createTextItemStore();
    const events = [recorded(intent)];
    await createStoredLedger(store).appendEvents(intent.clientOrderId, 0, events);
    await store.damage(key, (item) => ({
      ...item,
      document: JSON.parse(JSON.stringify(item.document).replace('"SPY"', '"SPX"')) as unknown,
    }));
    await expectCorrupt(store);
  });

  it("is corrupt where it tells what no order can do", async () => {
    const store = createTextItemStore();
    const acknowledged: OrderEvent = { type: "acknowledged", atMs: OPEN_MS, brokerOrderId: "b" };
    const events = [recorded(intent), denied, acknowledged];
    await createStoredLedger(store).appendEvents(intent.clientOrderId, 0, events);
    await expectCorrupt(store);
  });
});

const setUp = () => {
  const store = createTextItemStore();
  return { store, telemetry: createStoredTelemetry(store, { region: "here" }) };
};

describe("damaged telemetry", () => {
  it("counts as absent, whichever leaf was changed to whatever, and never throws", async () => {
    const plan = fc.tuple(
      fc.array(quoteArbitrary),
      flowArbitrary(ticker("SPY")),
      tideArbitrary,
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(plan, fc.jsonValue(), async ([quotes, flow, tide, position], leaf) => {
        const { store, telemetry } = setUp();
        await telemetry.recordQuotes(1, quotes);
        await telemetry.recordFlow({ evidence: [flow], marketTide: tide });
        for (const partition of ["quotes#here#1", "flow#here#SPY", "tide#here"]) {
          await store.damage({ partition, sort: "latest" }, (item) => {
            const leaves = leavesOf(item.document);
            const path = leaves[position % leaves.length] ?? [];
            return { ...item, document: withLeaf(item.document, path, leaf) };
          });
        }
        const loaded = await telemetry.loadQuotes(1);
        expect(loaded.length).toBeLessThanOrEqual(Math.max(1, quotes.length));
        for (const quote of loaded) expect(quote.bid > 0 && quote.bid <= quote.ask).toBe(true);
        const known = await telemetry.loadFlow([ticker("SPY")]);
        expect(known.evidence.length).toBeLessThanOrEqual(1);
        for (const amount of Object.values(known.marketTide ?? {})) {
          expect(Number.isFinite(amount)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("takes with it only what is damaged: the other quotes of the shard are there", async () => {
    const { store, telemetry } = setUp();
    const quotes = fc.sample(quoteArbitrary, 3);
    await telemetry.recordQuotes(1, quotes);
    await store.damage({ partition: "quotes#here#1", sort: "latest" }, (item) => ({
      ...item,
      document: withLeaf(item.document, ["1", "bid"], "187.25"),
    }));
    expect(await telemetry.loadQuotes(1)).toEqual([quotes[0], quotes[2]]);
  });

  it("expires fourteen days after the time of its data", async () => {
    const { store, telemetry } = setUp();
    const [sample] = fc.sample(evidenceArbitrary("poll-market-data"), 1);
    if (sample === undefined) throw new Error("There is a sample.");
    await telemetry.recordEvidence({ ...sample, atMs: OPEN_MS });
    const [item] = await store.query({
      partition: "evidence#here#poll-market-data",
      sortPrefix: "",
      direction: "forward",
      limit: 10,
    });
    expect(item?.expiresAtMs).toBe(OPEN_MS + 14 * 86_400_000);
  });
});
