import { describe, expect, it } from "vitest";
import { createStoredLeases } from "../../../shared/adapters/stored/leases.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createEngine } from "../../../simulation/engine/engine.ts";
import type { Happened } from "../../../simulation/world/observe.ts";
import { createLedgerStore } from "../../../simulation/services/ledger-store.ts";
import { createTelemetryTable } from "../../../simulation/services/telemetry-store.ts";
import { takeOver } from "../../../shared/domain/risk/change-cell.ts";
import { cellOf, intentOf } from "../../fixtures/orders.ts";
import { faultsOf } from "../still-faults.ts";

const ACTOR = { region: "us-east-1", functionName: "execute-orders", invocation: 1 } as const;

const ledgerOf = async (isSealed: boolean) => {
  const observed: Happened[] = [];
  const store = createLedgerStore((happened) => observed.push(happened), {
    isSealed,
    account: cellOf().account,
  });
  const ledger = createStoredLedger(store.storeOf(() => ACTOR));
  const cell = { ...cellOf(), version: 1 };
  await ledger.saveCell(cell, { version: 0, epoch: 0 });
  const types = (): readonly string[] => observed.map(({ type }) => type);
  return { store, ledger, cell, observed, types };
};

describe.each([
  ["as objects", false],
  ["under seals", true],
] as const)("the simulated ledger table, kept %s", (_name, isSealed) => {
  it("tells of every write of the cell, of a takeover, and of what it refused", async () => {
    const { store, ledger, cell, types } = await ledgerOf(isSealed);
    const taken = takeOver(cell, "us-west-2", 0);
    const saved = await ledger.saveCell(taken, { version: 1, epoch: 1 });
    expect(saved.ok).toBe(true);
    const fenced = await ledger.saveCell({ ...cell, version: 2 }, { version: 1, epoch: 1 });
    expect(fenced).toMatchObject({ ok: false, error: { type: "CellConflict" } });
    expect(types()).toEqual(["cellWritten", "cellWritten", "takeover", "cellWriteRefused"]);
    expect(store.cell()).toEqual(taken);
  });

  it("keeps each order's history, and tells of what is appended", async () => {
    const { store, ledger, types } = await ledgerOf(isSealed);
    const intent = intentOf();
    const event = { type: "intentRecorded", atMs: 1, intent, recordedBy: "me" } as const;
    await ledger.appendEvents(intent.clientOrderId, 0, [event]);
    expect(types()).toContain("eventsAppended");
    expect(store.eventsOf(intent.clientOrderId)).toEqual([event]);
    expect(store.clientOrderIds()).toEqual([intent.clientOrderId]);
  });
});

describe("a lease in the simulated ledger table", () => {
  it("is no write of the cell, also where it is refused", async () => {
    const { store, types } = await ledgerOf(false);
    const before = types().length;
    const leases = createStoredLeases(store.storeOf(() => ACTOR));
    const first = { account: "main", region: "us-east-1", epoch: 1, beat: 1 };
    expect(await leases.renew(first, undefined)).toBe(true);
    const other = { ...first, region: "us-west-2", beat: 6 };
    expect(await leases.renew(other, { ...first, beat: 5 })).toBe(false);
    expect(types()).toHaveLength(before);
  });
});

describe("damage to the simulated ledger table", () => {
  it("is seen by whoever reads it, and ends with the next whole cell", async () => {
    const { store, ledger, types } = await ledgerOf(true);
    expect(await store.damageCell()).toBe(true);
    expect(store.cell()).toBe("damaged");
    expect(types()).toContain("cellDamaged");
    expect(await ledger.loadCell("main")).toMatchObject({ error: { type: "LedgerCorrupt" } });
    const damage = await ledger.readDamagedCell("main");
    if (!damage.ok || damage.value === "whole") throw new Error("No damage was seen.");
    await ledger.replaceDamagedCell({ ...cellOf(), version: 9 }, damage.value);
    expect(store.cell()).toMatchObject({ version: 9 });
  });

  it("cannot be done to objects, which have no seal", async () => {
    const { store } = await ledgerOf(false);
    expect(await store.damageCell()).toBe(false);
    expect(store.cell()).toMatchObject({ version: 1 });
  });

  it("is seen in a history too", async () => {
    const { store, ledger } = await ledgerOf(true);
    const intent = intentOf();
    const event = { type: "intentRecorded", atMs: 1, intent, recordedBy: "me" } as const;
    await ledger.appendEvents(intent.clientOrderId, 0, [event]);
    expect(await store.damageHistory(intent.clientOrderId)).toBe(true);
    const loaded = await ledger.loadOrder(intent.clientOrderId);
    expect(loaded).toMatchObject({ error: { type: "LedgerCorrupt" } });
  });
});

describe("a cell that is damaged at the very moment of a write", () => {
  it("is damaged before anything else is written, and keeps that", async () => {
    const told: string[] = [];
    const engine = createEngine(0, () => undefined);
    const { account } = cellOf();
    const ledger = createLedgerStore(
      ({ type }) => {
        told.push(`${engine.nowMs()} ${type}`);
        if (told.length === 1) void ledger.damageCell();
      },
      { isSealed: true, account },
    );
    const items = ledger.itemsOf(() => undefined);
    const key = { partition: `cell#${account}`, sort: "cell" };
    const write = (version: number): void => {
      const document = { body: { ...cellOf(), version }, digest: "whole" };
      void items.put({ ...key, document }, { type: "none" });
    };
    engine.at(10, () => write(1));
    engine.at(11, () => write(2));
    await engine.run(100);
    expect(told).toEqual(["10 cellWritten", "10 cellDamaged", "11 cellWritten"]);
    expect(items.get(key)).toMatchObject({ document: { body: { version: 2 }, digest: "whole" } });
  });
});

const KEY = { partition: "funnel#2026-03-10", sort: "x" };
const REGIONS = ["us-east-1", "us-west-2"] as const;

const telemetryOf = (kinds: Parameters<typeof faultsOf>[0] = []) => {
  const engine = createEngine(0, () => undefined);
  const table = createTelemetryTable(REGIONS, engine, faultsOf(kinds));
  const [east, west] = [table.replicaOf("us-east-1"), table.replicaOf("us-west-2")];
  const documents = (): readonly unknown[] => [east, west].map((store) => store.get(KEY)?.document);
  return { engine, east, west, documents };
};

describe("the simulated telemetry table", () => {
  it("shows a Region its own writes at once, and the others' after a while", async () => {
    const { engine, east, documents } = telemetryOf();
    east.put({ ...KEY, document: 1 }, { type: "none" });
    expect(documents()).toEqual([1, undefined]);
    await engine.run(2_000);
    expect(documents()).toEqual([1, 1]);
  });

  it("lets the later of two writes win everywhere", async () => {
    const { engine, east, west, documents } = telemetryOf();
    engine.at(10, () => {
      engine.wake();
      west.put({ ...KEY, document: "later" }, { type: "none" });
    });
    east.put({ ...KEY, document: "earlier" }, { type: "none" });
    await engine.run(5_000);
    expect(documents()).toEqual(["later", "later"]);
  });

  it("may lag for minutes, and then carries the newest state", async () => {
    const { engine, east, documents } = telemetryOf(["replication-lag"]);
    east.put({ ...KEY, document: 1 }, { type: "none" });
    await engine.run(1_000);
    expect(documents()).toEqual([1, undefined]);
    east.add({ partition: KEY.partition, sort: "sum" }, { count: 2 }, 1);
    east.put({ ...KEY, document: 2 }, { type: "none" });
    await engine.run(600_000);
    expect(documents()).toEqual([2, 2]);
  });
});
