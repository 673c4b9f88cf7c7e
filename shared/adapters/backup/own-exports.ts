import { RetryableError } from "../../domain/fault.ts";
import { ok } from "../../domain/result.ts";
import type { WrittenItem } from "../../domain/backup/table-item.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ExportState, TableExports } from "../../ports/table-exports.ts";
import { exportPrefix } from "./stored-backups.ts";
import { writeExport } from "./write-export.ts";

/** A store of our own, from which exports are made. */
export type TableSource = {
  /** As in `TableExports`. */
  readonly tableId: () => Promise<string>;
  /**
   * The ledger's items that were written from `fromMicros` on, all of them for 0, as they stand at
   * one moment; whatever is written afterwards is stamped `untilMicros` or later.
   */
  readonly read: (
    fromMicros: number,
    untilMicros: number,
  ) => Promise<readonly WrittenItem[] | undefined>;
};

const MICROS_PER_MS = 1_000;

/** Writes exports of a store of our own, in DynamoDB's format, at once. */
export const createOwnExports = (deps: {
  readonly source: TableSource;
  readonly files: BackupFiles;
  readonly clock: Pick<Clock, "nowMs">;
  readonly table: string;
}): TableExports => {
  const { source, files, clock, table } = deps;
  const done = new Map<string, ExportState>();
  return {
    tableId: source.tableId,
    start: async (wish) => {
      const { kind, fromMs, toMs } = wish;
      const from = kind === "full" ? 0 : fromMs * MICROS_PER_MS;
      const items = await source.read(from, toMs * MICROS_PER_MS);
      if (items === undefined) throw new RetryableError("The window to export is not over yet.");
      const prefix = exportPrefix(table);
      const request = { ...wish, prefix, table, startedAtMs: clock.nowMs(), items };
      const written = await writeExport(files, request);
      done.clear();
      done.set(written.exportId, { type: "completed", ...written });
      return ok(written.exportId);
    },
    find: async (name) =>
      done.get(name) ?? { type: "failed", detail: "The export was not finished." },
  };
};
