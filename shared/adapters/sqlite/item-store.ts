import * as z from "zod";
import { isLedgerPartition } from "../../domain/backup/table-item.ts";
import { err, ok } from "../../domain/result.ts";
import { documentToText, textToDocument } from "../stored/document.ts";
import {
  type Item,
  type ItemKey,
  type ItemQuery,
  type ItemStore,
  permitsPut,
  type RawItem,
} from "../stored/item-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "./database.ts";
import { ItemRow } from "./item-row.ts";
import { nextStamp } from "./write-stamp.ts";

/** How many writes go by between two looks for what has expired, and how much each one drops. */
const WRITES_PER_PURGE = 200;
const PURGED_MAX = 1_000;

const SELECT = "SELECT partition, sort, document, version, epoch, expires_at_ms FROM items";

/** Whatever was put there by hand is read as text, and what is no number as none. */
const SELECT_RAW =
  "SELECT CAST(document AS TEXT) AS text, version, epoch FROM items " +
  "WHERE partition = ? AND sort = ?";

const RawRow = z.object({
  text: z.string().nullable(),
  version: z.int().nullable().catch(null),
  epoch: z.int().nullable().catch(null),
});

const CountersDocument = z.record(z.string(), z.number());

/** An item store in a SQLite database. What has expired by `clock` is dropped now and then. */
export const createSqliteItemStore = (database: Database, clock: Clock): ItemStore => {
  const find = (key: ItemKey): Item | undefined => {
    const row = database
      .statement(`${SELECT} WHERE partition = ? AND sort = ?`)
      .get(key.partition, key.sort);
    return row === undefined ? undefined : rowToItem(row);
  };
  const findRaw = (key: ItemKey): RawItem | undefined => {
    const row = database.statement(SELECT_RAW).get(key.partition, key.sort);
    return row === undefined ? undefined : RawRow.parse(row);
  };
  let writes = 0;
  const store = (item: Item): void => {
    writes += 1;
    if (writes % WRITES_PER_PURGE === 0) dropExpired(database, clock.nowMs());
    database
      .statement("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(
        item.partition,
        item.sort,
        documentToText(item, item.document),
        item.revision?.version ?? null,
        item.revision?.epoch ?? null,
        item.expiresAtMs === undefined ? null : Math.floor(item.expiresAtMs),
        isLedgerPartition(item.partition) ? nextStamp(database, clock.nowMs()) : 0,
      );
  };
  return {
    isTrusted: false,
    get: async (key) => database.transaction(() => find(key)),
    getRaw: async (key) => database.transaction(() => findRaw(key)),
    put: async (item, condition) =>
      database.transaction(() => {
        const current = find(item);
        const isPermitted =
          condition.type === "rawIs"
            ? permitsPut(condition, current, findRaw(item))
            : permitsPut(condition, current);
        if (!isPermitted) return err({ type: "ConditionFailed", current });
        store(item);
        return ok(undefined);
      }),
    query: async (query) => database.transaction(() => select(database, query)),
    add: async (key, increments, expiresAtMs) =>
      database.transaction(() => {
        const sums = { ...CountersDocument.safeParse(find(key)?.document).data };
        for (const [name, increment] of Object.entries(increments)) {
          sums[name] = (sums[name] ?? 0) + increment;
        }
        store({ partition: key.partition, sort: key.sort, document: sums, expiresAtMs });
      }),
    putMany: async (items) =>
      database.transaction(() => {
        for (const item of items) store(item);
      }),
    getMany: async (keys) => database.transaction(() => keys.flatMap((key) => find(key) ?? [])),
  };
};

const select = (database: Database, query: ItemQuery): readonly Item[] => {
  const isForward = query.direction === "forward";
  // Keys are plain ASCII, so that this is behind every key with the prefix.
  const end = `${query.sortPrefix}\u{10ffff}`;
  const from = isForward ? (query.after ?? query.sortPrefix) : query.sortPrefix;
  const to = isForward ? end : (query.after ?? end);
  const rows = database
    .statement(
      `${SELECT} WHERE partition = ? AND sort >= ? AND sort <= ? AND sort <> ?
       ORDER BY sort ${isForward ? "ASC" : "DESC"} LIMIT ?`,
    )
    .all(query.partition, from, to, query.after ?? end, query.limit);
  return rows.map(rowToItem);
};

const rowToItem = (row: unknown): Item => {
  const { partition, sort, document, version, epoch, expires_at_ms } = ItemRow.parse(row);
  return {
    partition,
    sort,
    document: textToDocument(document),
    ...(version === null || epoch === null ? {} : { revision: { version, epoch } }),
    ...(expires_at_ms === null ? {} : { expiresAtMs: expires_at_ms }),
  };
};

const dropExpired = (database: Database, nowMs: number): void => {
  database
    .statement(
      `DELETE FROM items WHERE (partition, sort) IN
         (SELECT partition, sort FROM items WHERE expires_at_ms <= ? LIMIT ?)`,
    )
    .run(Math.floor(nowMs), PURGED_MAX);
};
