import { createHash } from "node:crypto";
import {
  DescribeExportCommand,
  type DynamoDBClient,
  ExportTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";
import { RetryableError } from "../../domain/fault.ts";
import { err, ok } from "../../domain/result.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ExportState, ExportWish, TableExports } from "../../ports/table-exports.ts";
import { exportKeys } from "../backup/export-format.ts";
import { exportPrefix } from "../backup/stored-backups.ts";
import { errorName, serviceFault } from "./service-fault.ts";

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
 * the table, and minutes. The same attempt at a wish is the same export for an hour. It is done
 * when its summary stands in the bucket, which DynamoDB writes last; while it does not, DynamoDB is
 * asked whether it has given up.
 */
export const createDynamoExports = (options: DynamoExportsOptions): TableExports => {
  const { client, clock, tableArn, table, bucket, keyArn, files } = options;
  return {
    tableId: async () => tableArn,
    start: async (wish, attempt) => {
      try {
        const answer = await client.send(
          new ExportTableToPointInTimeCommand({
            TableArn: tableArn,
            S3Bucket: bucket,
            S3Prefix: exportPrefix(table),
            S3SseAlgorithm: "KMS",
            S3SseKmsKeyId: keyArn,
            ExportFormat: "DYNAMODB_JSON",
            ClientToken: tokenOf(tableArn, wish, attempt, clock.nowMs()),
            ...windowInput(wish),
          }),
        );
        const arn = answer.ExportDescription?.ExportArn;
        if (arn === undefined) throw new RetryableError("DynamoDB did not name the export.");
        return ok(arn);
      } catch (error) {
        // A table that was made or restored within the hour: the next full hour is one it has.
        if (errorName(error) === "InvalidExportTimeException") return err(tooEarly(wish));
        throw serviceFault("DynamoDB", error);
      }
    },
    find: async (arn) => {
      const exportId = arn.slice(arn.lastIndexOf("/") + 1);
      const place = { prefix: exportPrefix(table), exportId };
      const manifestKey = exportKeys(place, "full").summary;
      const summary = await files.read(manifestKey);
      return summary === undefined
        ? describe(client, arn)
        : { type: "completed", exportId, manifestKey };
    },
  };
};

const tooEarly = ({ toMs }: ExportWish): { readonly detail: string } => ({
  detail: `The table's recovery does not reach back to ${new Date(toMs).toISOString()}.`,
});

/** Whether DynamoDB has given an export up. */
const describe = async (client: DynamoDBClient, arn: string): Promise<ExportState> => {
  try {
    const answer = await client.send(new DescribeExportCommand({ ExportArn: arn }));
    const { ExportStatus, FailureCode, FailureMessage } = answer.ExportDescription ?? {};
    if (ExportStatus !== "FAILED") return { type: "running" };
    const detail = `${FailureCode ?? "no code"}, ${FailureMessage ?? "no reason given"}.`;
    return { type: "failed", detail };
  } catch (error) {
    throw serviceFault("DynamoDB", error);
  }
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

const tokenOf = (
  tableArn: string,
  { kind, fromMs, toMs }: ExportWish,
  attempt: number,
  nowMs: number,
): string =>
  createHash("sha256")
    .update(JSON.stringify([tableArn, kind, fromMs, toMs, attempt, Math.floor(nowMs / HOUR_MS)]))
    .digest("hex")
    .slice(0, 36);
