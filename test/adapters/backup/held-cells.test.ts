import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  createMemoryRestoreTarget,
  createRecordedItems,
} from "../../../shared/adapters/backup/recorded-items.ts";
import { holdCells } from "../../../shared/adapters/backup/held-cells.ts";
import { createMemoryItemStore } from "../../../shared/adapters/memory/item-store.ts";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { createSqliteItemStore } from "../../../shared/adapters/sqlite/item-store.ts";
import { createSqliteRestoreTarget } from "../../../shared/adapters/sqlite/restore-target.ts";
import type { ItemStore } from "../../../shared/adapters/stored/item-store.ts";
import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import type { TableChange } from "../../../shared/domain/backup/table-item.ts";
import type { RestoreTarget } from "../../../shared/ports/restore-target.ts";
import { cellOf } from "../../fixtures/orders.ts";

const directory = mkdtempSync(join(tmpdir(), "held-cells-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const KEY = { partition: "cell#main", sort: "cell" };
const cell = { ...cellOf(), version: 1 };

/** The cell of a backup, sealed as it lies on disk. */
const backedUp = async (): Promise<readonly TableChange[]> => {
  const recorded = createRecordedItems(
    { ...createMemoryItemStore(), isTrusted: false },
    { nowMs: () => 1 },
  );
  await createStoredLedger(recorded.store).saveCell(cell, { version: 0, epoch: 0 });
  const written = (await recorded.source.read(0, 10_000)) ?? [];
  return written.map(({ item }): TableChange => ({ type: "put", item }));
};

type Opened = { readonly target: RestoreTarget; readonly store: () => ItemStore };

const inMemory = (): Opened => {
  let committed: ItemStore | undefined;
  const commit = (store: ItemStore): void => {
    committed = store;
  };
  return {
    target: createMemoryRestoreTarget({ name: "ledger", isTrusted: false, commit }),
    store: () => committed!,
  };
};

const inSqlite = (): Opened => {
  const clock = { nowMs: () => 1, monotonicMs: () => 1 };
  const path = join(directory, "ledger.db");
  const database = () => {
    const opened = openDatabase(path);
    if (!opened.ok) throw new Error(opened.error.detail);
    return opened.value;
  };
  return {
    target: createSqliteRestoreTarget(path, "ledger", clock),
    store: () => createSqliteItemStore(database(), clock),
  };
};

describe.each([
  ["memory", inMemory],
  ["SQLite", inSqlite],
] as const)("a ledger that is rebuilt in %s", (_name, open) => {
  it("has no cell before one is saved over that of the backup", async () => {
    const early = open();
    await early.target.create();
    await early.target.apply(await backedUp());
    const { ledger } = await early.target.open();
    expect(await ledger.loadCell("main")).toMatchObject({ ok: true, value: { version: 1 } });
    await early.target.commit();
    const store = early.store();
    expect(await store.getRaw(KEY)).toBeUndefined();
    expect(await createStoredLedger(store).loadCell("main")).toEqual({
      ok: true,
      value: undefined,
    });
  });
});

const opened = async () => {
  const { target, store } = inMemory();
  await target.create();
  await target.apply(await backedUp());
  return { target, store, ledger: (await target.open()).ledger };
};

describe("a cell that lies aside", () => {
  it("is fenced by its own version and epoch, and its successor is the cell", async () => {
    const { target, store, ledger } = await opened();
    const next = { ...cell, version: 2, epoch: cell.epoch + 7 };
    const stale = { version: 1, epoch: cell.epoch + 1 };
    expect(await ledger.saveCell(next, stale)).toMatchObject({
      ok: false,
      error: { type: "CellConflict", current: { version: 1 } },
    });
    expect(await ledger.saveCell(next, cell)).toEqual({ ok: true, value: undefined });
    expect(await ledger.saveCell(next, cell)).toMatchObject({ ok: false });
    await target.commit();
    expect(await store().getRaw(KEY)).toMatchObject({ version: 2, epoch: next.epoch });
  });

  it("is left out when the table that it lies in is backed up and restored", async () => {
    const held = holdCells(await backedUp());
    expect(held).toHaveLength(1);
    expect(holdCells(held)).toEqual([]);
  });
});
