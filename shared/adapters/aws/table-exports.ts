import { createHash } from "node:crypto";
import { type DynamoDBClient, ExportTableToPointInTimeCommand } from "@aws-sdk/client-dynamodb";
import { RetryableError } from "../../domain/fault.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ExportWish, TableExports } from "../../ports/table-exports.ts";
import { exportKeys } from "../backup/export-format.ts";
import { exportPrefix } from "../backup/stored-backups.ts";
import { serviceFault } from "./service-fault.ts";

const HOUR_MS = 3_600_000;

/** Which table, into which bucket, under which key. */
export type DynamoExportsOptions = {
  readonly client: DynamoDBClient;
  readonly clock: Pick<Clock, "nowMs">;
  readonly tableArn: string;
  /** The name under which its backups stand. */
  readonly table: string;
  readonly bucket: string;
  readonly keyArn: string;
  /** The same bucket, read. */
  readonly files: Pick<BackupFiles, "read">;
};

/**
 * Exports of a table by DynamoDB itself, from its point-in-time recovery: they take no capacity of
 * the table, and minutes. The same wish within an hour is the same export. It is done when its
 * summary stands in the bucket, which DynamoDB writes last; one that failed is asked for again.
 */
export const createDynamoExports = (options: DynamoExportsOptions): TableExports => {
  const { client, clock, tableArn, table, bucket, keyArn, files } = options;
  return {
    tableId: async () => tableArn,
    start: async (wish) => {
      try {
        const answer = await client.send(
          new ExportTableToPointInTimeCommand({
            TableArn: tableArn,
            S3Bucket: bucket,
            S3Prefix: exportPrefix(table),
            S3SseAlgorithm: "KMS",
            S3SseKmsKeyId: keyArn,
            ExportFormat: "DYNAMODB_JSON",
            // One that failed is asked for anew an hour later.
            ClientToken: tokenOf(tableArn, wish, clock.nowMs()),
            ...windowInput(wish),
          }),
        );
        const arn = answer.ExportDescription?.ExportArn;
        if (arn === undefined) throw new RetryableError("DynamoDB did not name the export.");
        return arn;
      } catch (error) {
        throw serviceFault("DynamoDB", error);
      }
    },
    find: async (arn) => {
      const exportId = arn.slice(arn.lastIndexOf("/") + 1);
      const place = { prefix: exportPrefix(table), exportId };
      const manifestKey = exportKeys(place, "full").summary;
      const summary = await files.read(manifestKey);
      return summary === undefined
        ? { type: "running" }
        : { type: "completed", exportId, manifestKey };
    },
  };
};

/** DynamoDB counts moments in seconds, and begins a window inclusively and ends it exclusively. */
const windowInput = ({ kind, fromMs, toMs }: ExportWish) =>
  kind === "full"
    ? { ExportType: "FULL_EXPORT" as const, ExportTime: new Date(toMs) }
    : {
        ExportType: "INCREMENTAL_EXPORT" as const,
        IncrementalExportSpecification: {
          ExportFromTime: new Date(fromMs),
          ExportToTime: new Date(toMs),
          ExportViewType: "NEW_IMAGE" as const,
        },
      };

const tokenOf = (tableArn: string, { kind, fromMs, toMs }: ExportWish, nowMs: number): string =>
  createHash("sha256")
    .update(JSON.stringify([tableArn, kind, fromMs, toMs, Math.floor(nowMs / HOUR_MS)]))
    .digest("hex")
    .slice(0, 36);
