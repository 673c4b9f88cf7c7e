import type { Database } from "./database.ts";

const MICROS_PER_MS = 1_000;
const NEWEST = "SELECT max(written_at_micros) AS micros FROM items WHERE written_at_micros > 0";
const WATERMARK = "SELECT micros FROM watermarks WHERE name = 'exported'";

/**
 * The moment of a write in micros: after every write before it and never within a window that was
 * exported, whatever the clock does. To be asked within a transaction.
 */
export const nextStamp = (database: Database, nowMs: number): number =>
  Math.max(Math.floor(nowMs * MICROS_PER_MS), newestStamp(database) + 1, watermarkOf(database));

/** The newest write; 0 where nothing was stamped yet. */
export const newestStamp = (database: Database): number =>
  Number(database.statement(NEWEST).get()?.["micros"] ?? 0);

/** Up to where exports go, exclusive. */
const watermarkOf = (database: Database): number =>
  Number(database.statement(WATERMARK).get()?.["micros"] ?? 0);

/**
 * Names this file among all that may ever take its place: by the moment when it was first asked.
 */
export const identityOf = (database: Database, nowMs: number): string => {
  database
    .statement("INSERT OR IGNORE INTO watermarks VALUES ('identity', ?)")
    .run(Math.floor(nowMs * MICROS_PER_MS));
  const row = database.statement("SELECT micros FROM watermarks WHERE name = 'identity'").get();
  return `file-${Number(row?.["micros"] ?? 0)}`;
};

/** Records that everything before `micros` is exported. */
export const raiseWatermark = (database: Database, micros: number): void => {
  database
    .statement(
      `INSERT INTO watermarks VALUES ('exported', ?)
       ON CONFLICT (name) DO UPDATE SET micros = max(micros, excluded.micros)`,
    )
    .run(micros);
};
