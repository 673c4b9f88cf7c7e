import * as z from "zod";
import {
  ledgerPrefixes,
  type TableItem,
  type WrittenItem,
} from "../../domain/backup/table-item.ts";
import type { Clock } from "../../ports/clock.ts";
import type { TableSource } from "../backup/own-exports.ts";
import { ATTRIBUTE, expiryOf } from "../aws/item-attributes.ts";
import type { Database } from "./database.ts";
import { ItemRow } from "./item-row.ts";
import { identityOf, newestStamp, raiseWatermark } from "./write-stamp.ts";

const COLUMNS =
  "partition, sort, CAST(document AS TEXT) AS document, version, epoch, expires_at_ms, " +
  "written_at_micros";
const FULL = `SELECT ${COLUMNS} FROM items WHERE partition >= ? AND partition < ?`;
const SINCE = `SELECT ${COLUMNS} FROM items WHERE written_at_micros >= ? AND written_at_micros < ?
   AND written_at_micros > 0 ORDER BY written_at_micros`;

const Row = ItemRow.extend({ written_at_micros: z.int() });

/** The ledger's items in a SQLite database, read for an export within one transaction. */
export const createSqliteTableSource = (
  database: Database,
  clock: Pick<Clock, "nowMs">,
): TableSource => ({
  tableId: async () => database.transaction(() => identityOf(database, clock.nowMs())),
  read: async (fromMicros, untilMicros) =>
    database.transaction(() => {
      // A clock that was put back has not come to the newest write yet.
      if (newestStamp(database) >= untilMicros) return undefined;
      raiseWatermark(database, untilMicros);
      const rows =
        fromMicros === 0
          ? ledgerPrefixes().flatMap((prefix) =>
              database.statement(FULL).all(prefix, endOf(prefix)),
            )
          : database.statement(SINCE).all(fromMicros, untilMicros);
      return rows.map((row) => rowToItem(Row.parse(row)));
    }),
});

/** The first text behind all that begin with a prefix, whose last letter is plain ASCII. */
const endOf = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCodePoint((prefix.codePointAt(prefix.length - 1) ?? 0) + 1);

const rowToItem = (row: z.infer<typeof Row>): WrittenItem => {
  const { partition, sort, document, version, epoch, expires_at_ms, written_at_micros } = row;
  const item: TableItem = {
    [ATTRIBUTE.partition]: { S: partition },
    [ATTRIBUTE.sort]: { S: sort },
    [ATTRIBUTE.document]: { S: document },
    ...(version === null ? {} : { [ATTRIBUTE.version]: { N: version.toString() } }),
    ...(epoch === null ? {} : { [ATTRIBUTE.epoch]: { N: epoch.toString() } }),
    ...(expires_at_ms === null ? {} : { [ATTRIBUTE.expiresAt]: { N: expiryOf(expires_at_ms) } }),
  };
  return { item, writtenAtMicros: written_at_micros };
};
