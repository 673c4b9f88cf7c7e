import { existsSync, renameSync, rmSync } from "node:fs";
import type { TableChange, TableItem } from "../../domain/backup/table-item.ts";
import { RetryableError } from "../../domain/fault.ts";
import { err, ok } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RestoreTarget } from "../../ports/restore-target.ts";
import { ATTRIBUTE } from "../aws/item-attributes.ts";
import { createHeldCells, holdCells } from "../backup/held-cells.ts";
import { createStoredAuditHeads } from "../stored/audit-heads.ts";
import { createStoredLedger } from "../stored/ledger.ts";
import { type Database, openDatabase } from "./database.ts";
import { createSqliteItemStore } from "./item-store.ts";
import { nextStamp } from "./write-stamp.ts";

const SIDE_FILES = ["", "-wal", "-shm", "-journal"] as const;

/**
 * A new database file, built aside and renamed to its name only when it is whole. Refused where a
 * file has that name, also a damaged one: nothing that is there is ever written over.
 */
export const createSqliteRestoreTarget = (
  path: string,
  name: string,
  clock: Clock,
): RestoreTarget => {
  const aside = `${path}.restoring`;
  let opened: Database | undefined;
  const database = (): Database => {
    if (opened === undefined) throw new RetryableError(`The table ${name} was not made.`);
    return opened;
  };
  return {
    name,
    create: async () => {
      const taken = SIDE_FILES.map((end) => path + end).find((file) => existsSync(file));
      if (taken !== undefined) {
        const way = "A restore makes a new table; move that one away, or name another.";
        return err({ detail: `The table ${name} exists (${taken}). ${way}` });
      }
      // What an earlier restore left half made is nobody's.
      for (const end of SIDE_FILES) rmSync(aside + end, { force: true });
      const made = openDatabase(aside);
      if (!made.ok) return err({ detail: made.error.detail });
      opened = made.value;
      return ok(undefined);
    },
    apply: async (changes) => {
      const store = database();
      const nowMs = clock.nowMs();
      store.transaction(() => {
        for (const change of holdCells(changes)) applyTo(store, change, nowMs);
      });
    },
    open: async () => {
      const items = createHeldCells(createSqliteItemStore(database(), clock));
      return { ledger: createStoredLedger(items), heads: createStoredAuditHeads(items) };
    },
    commit: async () => {
      database().close();
      opened = undefined;
      renameSync(aside, path);
    },
    discard: async () => {
      opened?.close();
      opened = undefined;
      for (const end of SIDE_FILES) rmSync(aside + end, { force: true });
    },
  };
};

const applyTo = (database: Database, change: TableChange, nowMs: number): void => {
  if (change.type === "delete") {
    database
      .statement("DELETE FROM items WHERE partition = ? AND sort = ?")
      .run(textOf(change.key, ATTRIBUTE.partition) ?? "", textOf(change.key, ATTRIBUTE.sort) ?? "");
    return;
  }
  const { item } = change;
  const expiresAt = numberOf(item, ATTRIBUTE.expiresAt);
  database
    .statement("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(
      textOf(item, ATTRIBUTE.partition) ?? "",
      textOf(item, ATTRIBUTE.sort) ?? "",
      textOf(item, ATTRIBUTE.document) ?? "",
      numberOf(item, ATTRIBUTE.version),
      numberOf(item, ATTRIBUTE.epoch),
      expiresAt === null ? null : expiresAt * 1_000,
      nextStamp(database, nowMs),
    );
};

const textOf = (item: TableItem, name: string): string | undefined => {
  const value = item[name];
  return value !== undefined && "S" in value ? value.S : undefined;
};

const numberOf = (item: TableItem, name: string): number | null => {
  const value = item[name];
  return value !== undefined && "N" in value ? Number(value.N) : null;
};
