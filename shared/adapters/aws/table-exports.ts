import { createHash } from "node:crypto";
import {
  DescribeExportCommand,
  type DynamoDBClient,
  ExportTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";
import { RetryableError } from "../../domain/fault.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ExportWish, TableExports } from "../../ports/table-exports.ts";
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
};

/**
 * Exports of a table by DynamoDB itself, from its point-in-time recovery: they take no capacity of
 * the table, and minutes. The same wish within an hour is the same export.
 */
export const createDynamoExports = (options: DynamoExportsOptions): TableExports => {
  const { client, clock, tableArn, table, bucket, keyArn } = options;
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
      try {
        const answer = await client.send(new DescribeExportCommand({ ExportArn: arn }));
        const description = answer.ExportDescription;
        switch (description?.ExportStatus) {
          case "COMPLETED": {
            const manifestKey = description.ExportManifest;
            if (manifestKey === undefined) return { type: "running" };
            return {
              type: "completed",
              exportId: arn.slice(arn.lastIndexOf("/") + 1),
              manifestKey,
            };
          }
          case "FAILED":
            return { type: "failed", detail: description.FailureCode ?? "no reason was given" };
          case "IN_PROGRESS":
          case undefined:
            return { type: "running" };
        }
      } catch (error) {
        throw serviceFault("DynamoDB", error);
      }
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
