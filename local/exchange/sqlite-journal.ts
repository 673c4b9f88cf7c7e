import { DatabaseSync } from "node:sqlite";
import type * as z from "zod";
import type { ExchangeChange, ExchangeJournal } from "./core/journal.ts";
import { StoredAccount, StoredFill, StoredOrder, StoredPosition } from "./stored-exchange.ts";

const SCHEMA_VERSION = 1;
const BUSY_TIMEOUT_MS = 5_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS orders (
    sequence INTEGER PRIMARY KEY,
    client_order_id TEXT NOT NULL UNIQUE,
    json TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS positions (symbol TEXT PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS fills (sequence INTEGER PRIMARY KEY, json TEXT NOT NULL);
`;

/** The stored exchange cannot be used: damaged, or written by a version that we do not know. */
export class JournalFault extends Error {
  override readonly name = "JournalFault";
}

/** A journal that holds its file open until it is closed. */
export type SqliteJournal = ExchangeJournal & { readonly close: () => void };

/**
 * Keeps the exchange in one SQLite file. It stores what things are now and not how they came about,
 * so it grows with orders and fills alone (which a broker never forgets) and needs no compaction.
 * Throws `JournalFault` with the path if the file cannot be used.
 */
export const openSqliteJournal = (path: string): SqliteJournal => {
  const database = open(path);
  const statements = {
    account: database.prepare("INSERT OR REPLACE INTO account (id, json) VALUES (1, ?)"),
    order: database.prepare(
      `INSERT INTO orders (sequence, client_order_id, json) VALUES (?, ?, ?)
       ON CONFLICT (sequence) DO UPDATE SET json = excluded.json`,
    ),
    position: database.prepare("INSERT OR REPLACE INTO positions (symbol, json) VALUES (?, ?)"),
    noPosition: database.prepare("DELETE FROM positions WHERE symbol = ?"),
    fill: database.prepare("INSERT INTO fills (sequence, json) VALUES (?, ?)"),
  };
  const write = (change: ExchangeChange): void => {
    statements.account.run(JSON.stringify(change.account));
    for (const order of change.orders) {
      statements.order.run(order.sequence, order.clientOrderId, JSON.stringify(order));
    }
    for (const position of change.positions) {
      if (position.quantity === 0) statements.noPosition.run(position.symbol);
      else statements.position.run(position.symbol, JSON.stringify(position));
    }
    for (const fill of change.fills) statements.fill.run(fill.sequence, JSON.stringify(fill));
  };
  return {
    load: () => load(database, path),
    commit: (change) => {
      database.exec("BEGIN IMMEDIATE");
      try {
        write(change);
        database.exec("COMMIT");
      } catch (cause) {
        database.exec("ROLLBACK");
        throw cause;
      }
    },
    close: () => {
      database.close();
    },
  };
};

const open = (path: string): DatabaseSync => {
  try {
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec("PRAGMA journal_mode = WAL");
    // A real broker keeps what it acknowledged through a power cut too, and orders are few: FULL.
    database.exec("PRAGMA synchronous = FULL");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    if (version > SCHEMA_VERSION) {
      throw new JournalFault(`The exchange's file was written by a newer version: ${path}.`);
    }
    database.exec(SCHEMA);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    return database;
  } catch (cause) {
    if (cause instanceof JournalFault) throw cause;
    throw new JournalFault(`The exchange's file cannot be opened: ${path}.`, { cause });
  }
};

const load = (database: DatabaseSync, path: string): ExchangeChange | undefined => {
  const read = <Value>(table: string, order: string, schema: z.ZodType<Value>): Value[] =>
    database
      .prepare(`SELECT json FROM ${table} ORDER BY ${order}`)
      .all()
      .map(({ json }) => schema.parse(JSON.parse(String(json))));
  try {
    const [account] = read("account", "id", StoredAccount);
    if (account === undefined) return undefined;
    return {
      account,
      orders: read("orders", "sequence", StoredOrder),
      positions: read("positions", "symbol", StoredPosition),
      fills: read("fills", "sequence", StoredFill),
    };
  } catch (cause) {
    throw new JournalFault(`The exchange's file is damaged: ${path}.`, { cause });
  }
};
