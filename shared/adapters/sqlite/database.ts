import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { RetryableError, TerminalError } from "../../domain/fault.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import { makeDirectory } from "../host/make-directory.ts";
import type { DatabaseFault } from "./database-fault.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

const BUSY_TIMEOUT_MS = 250;

/** SQLite's result codes that name a kind of failure, in their lower eight bits. */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

/** An open database file, held by this process alone until it is closed or the process ends. */
export type Database = {
  /** The prepared statement of this text, prepared once. */
  readonly statement: (sql: string) => StatementSync;
  /**
   * Runs `work` in one transaction: all of it is stored or nothing. Throws `TerminalError` where
   * the file is damaged and `RetryableError` for every other failure of the database.
   */
  readonly transaction: <Value>(work: () => Value) => Value;
  readonly close: () => void;
};

/**
 * Opens or creates a database file, checks that it is whole and ours, and brings its schema up to
 * date. A file that is damaged, foreign, newer or in use is reported and left as it is.
 */
export const openDatabase = (path: string): Result<Database, DatabaseFault> => {
  let connection: DatabaseSync | undefined;
  try {
    makeDirectory(dirname(path));
    connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    const fault = prepare(connection, path);
    if (fault === undefined) return ok(useConnection(connection, path));
    connection.close();
    return err(fault);
  } catch (error) {
    if (connection?.isOpen === true) connection.close();
    return err(faultOf(error, path));
  }
};

/** Takes the file for this process, checks it and migrates it; returns what forbids its use. */
const prepare = (connection: DatabaseSync, path: string): DatabaseFault | undefined => {
  connection.exec("PRAGMA locking_mode = EXCLUSIVE");
  const tables = readNumber(connection, "SELECT count(*) AS value FROM sqlite_schema");
  const applicationId = readNumber(connection, "SELECT * FROM pragma_application_id AS value");
  const isNew = tables === 0 && applicationId === 0;
  if (!isNew && applicationId !== APPLICATION_ID) {
    return foreign(path, "is the database of another program. Name another file.");
  }
  const done = readNumber(connection, "SELECT user_version AS value FROM pragma_user_version");
  if (done > MIGRATIONS.length) {
    return foreign(path, "was written by a newer Holdfast. Use that version or another file.");
  }
  const check = connection.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (check !== "ok") return corruptFile(path);
  // FULL: what was acknowledged outlives a power cut; the ledger may not forget a claim.
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  // The first write takes the file's lock, which an exclusive connection keeps until it closes.
  connection.exec("BEGIN IMMEDIATE");
  for (const migration of MIGRATIONS.slice(done)) connection.exec(migration);
  connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  connection.exec("COMMIT");
  return undefined;
};

const readNumber = (connection: DatabaseSync, sql: string): number => {
  const row = connection.prepare(sql).get() ?? {};
  return Number(Object.values(row)[0]);
};

const useConnection = (connection: DatabaseSync, path: string): Database => {
  const statements = new Map<string, StatementSync>();
  return {
    statement: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = connection.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
    transaction: (work) => {
      try {
        connection.exec("BEGIN IMMEDIATE");
        const value = work();
        connection.exec("COMMIT");
        return value;
      } catch (error) {
        if (connection.isOpen && connection.isTransaction) connection.exec("ROLLBACK");
        throw translate(error, path);
      }
    },
    close: () => {
      if (connection.isOpen) connection.close();
    },
  };
};

/** Turns a failure of SQLite into one of the two faults; any other error passes as it is. */
const translate = (error: unknown, path: string): unknown => {
  const code = resultCodeOf(error);
  if (code === undefined) return error;
  const { type, detail } = faultOf(error, path);
  return type === "DatabaseCorrupt"
    ? new TerminalError(detail, { cause: error })
    : new RetryableError(detail, { cause: error });
};

/** SQLite's primary result code of an error that it gave. */
const resultCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;

const faultOf = (error: unknown, path: string): DatabaseFault => {
  const code = resultCodeOf(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOT_A_DATABASE) return corruptFile(path);
  if (code === SQLITE_BUSY) {
    const what = `The database ${path} is in use by another process.`;
    const detail = `${what} Stop that one first, or name another file.`;
    return { type: "DatabaseInUse", path, detail };
  }
  const reason = error instanceof Error ? error.message : "for an unknown reason";
  const detail = `The database ${path} cannot be used: ${reason}.`;
  return { type: "DatabaseUnreadable", path, detail };
};

const corruptFile = (path: string): DatabaseFault => ({
  type: "DatabaseCorrupt",
  path,
  detail:
    `The database ${path} is damaged and was left as it is. Keep a copy of it, then restore a ` +
    "backup, or name a new file and let reconciliation rebuild the positions from the broker.",
});

const foreign = (path: string, what: string): DatabaseFault => ({
  type: "DatabaseForeign",
  path,
  detail: `The file ${path} ${what}`,
});
