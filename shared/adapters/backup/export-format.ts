import * as z from "zod";
import type { BackupKind } from "../../domain/backup/backup-link.ts";
import type { TableChange, WrittenItem } from "../../domain/backup/table-item.ts";
import type { ExportFile } from "../../ports/backups.ts";
import { ATTRIBUTE } from "../aws/item-attributes.ts";

/** The versions that DynamoDB gives its manifests, by the kind of export. */
const VERSION: Readonly<Record<BackupKind, string>> = {
  full: "2020-06-30",
  incremental: "2023-08-01",
};

/** Where an export lies: everything of it stands below the prefix. */
export type ExportPlace = {
  readonly prefix: string;
  readonly exportId: string;
};

/** The keys of an export's files, laid out as DynamoDB lays them out. */
export const exportKeys = ({ prefix, exportId }: ExportPlace, kind: BackupKind) => {
  const root = `${prefix}/AWSDynamoDB`;
  const folder = `${root}/${exportId}`;
  return {
    started: `${folder}/_started`,
    summary: `${folder}/manifest-summary.json`,
    summaryChecksum: `${folder}/manifest-summary.md5`,
    files: `${folder}/manifest-files.json`,
    filesChecksum: `${folder}/manifest-files.md5`,
    /** Data of incremental exports lie together, beside the folders of the exports. */
    data: kind === "full" ? `${folder}/data` : `${root}/data`,
  };
};

/** What the summary says of an export; times are epoch milliseconds. */
export type ExportSummary = {
  readonly kind: BackupKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly itemCount: number;
  readonly filesKey: string;
};

/** What only the writer of a summary knows. */
export type SummaryOrigin = ExportPlace & {
  readonly table: string;
  readonly bucket: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly billedBytes: number;
};

/** Writes a summary as DynamoDB does. */
export const writeSummary = (summary: ExportSummary, origin: SummaryOrigin): string => {
  const { kind, fromMs, toMs, itemCount, filesKey } = summary;
  const tableArn = `arn:aws:dynamodb:local:000000000000:table/${origin.table}`;
  return JSON.stringify({
    version: VERSION[kind],
    exportArn: `${tableArn}/export/${origin.exportId}`,
    startTime: isoOf(origin.startedAtMs),
    endTime: isoOf(origin.endedAtMs),
    tableArn,
    tableId: origin.table,
    ...(kind === "full"
      ? { exportTime: isoOf(toMs) }
      : { exportFromTime: isoOf(fromMs), exportToTime: isoOf(toMs) }),
    s3Bucket: origin.bucket,
    s3Prefix: origin.prefix,
    s3SseAlgorithm: null,
    s3SseKmsKeyId: null,
    manifestFilesS3Key: filesKey,
    billedSizeBytes: origin.billedBytes,
    itemCount,
    outputFormat: "DYNAMODB_JSON",
    ...(kind === "full" ? {} : { outputView: "NEW_IMAGES" }),
    exportType: kind === "full" ? "FULL_EXPORT" : "INCREMENTAL_EXPORT",
  });
};

const IsoTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const Common = {
  manifestFilesS3Key: z.string().min(1),
  itemCount: z.int().min(0),
  outputFormat: z.literal("DYNAMODB_JSON"),
};

const FullSummary = z.object({
  ...Common,
  // Older full exports say nothing of their type.
  exportType: z.literal("FULL_EXPORT").optional(),
  exportTime: IsoTime,
});

const IncrementalSummary = z.object({
  ...Common,
  exportType: z.literal("INCREMENTAL_EXPORT"),
  exportFromTime: IsoTime,
  exportToTime: IsoTime,
});

/** Reads a summary; `undefined` for what is none. Fields beyond the contract are let be. */
export const readSummary = (text: string): ExportSummary | undefined => {
  const value = jsonOrNothing(text);
  const full = FullSummary.safeParse(value);
  if (full.success) {
    const { exportTime, itemCount, manifestFilesS3Key: filesKey } = full.data;
    return { kind: "full", fromMs: exportTime, toMs: exportTime, itemCount, filesKey };
  }
  const incremental = IncrementalSummary.safeParse(value);
  if (!incremental.success) return undefined;
  const { exportFromTime, exportToTime, itemCount, manifestFilesS3Key } = incremental.data;
  return {
    kind: "incremental",
    fromMs: exportFromTime,
    toMs: exportToTime,
    itemCount,
    filesKey: manifestFilesS3Key,
  };
};

/** Writes the list of an export's data files, one a line. */
export const writeFiles = (files: readonly ExportFile[]): string =>
  files
    .map(({ key, itemCount, md5 }) => {
      const etag = Buffer.from(md5, "base64").toString("hex");
      const line = { itemCount, md5Checksum: md5, etag, dataFileS3Key: key };
      return `${JSON.stringify(line)}\n`;
    })
    .join("");

const FileLine = z
  .object({
    itemCount: z.int().min(0),
    md5Checksum: z.base64().min(1),
    dataFileS3Key: z.string().min(1),
  })
  .transform(({ itemCount, md5Checksum, dataFileS3Key }): ExportFile => ({
    key: dataFileS3Key,
    itemCount,
    md5: md5Checksum,
  }));

/** Reads the list of an export's data files; `undefined` where a line is none. */
export const readFiles = (text: string): readonly ExportFile[] | undefined => {
  const lines = text.split("\n").filter((line) => line !== "");
  const files = lines.map((line) => FileLine.safeParse(jsonOrNothing(line)).data);
  return files.every((file) => file !== undefined) ? files : undefined;
};

/** Writes one item as a line of a data file. */
export const writeItem = (kind: BackupKind, { item, writtenAtMicros }: WrittenItem): string => {
  if (kind === "full") return JSON.stringify({ Item: item });
  const { partition, sort } = item;
  return JSON.stringify({
    Metadata: { WriteTimestampMicros: { N: writtenAtMicros.toString() } },
    Keys: { partition, sort },
    NewImage: item,
  });
};

const Value = z.union([z.strictObject({ S: z.string() }), z.strictObject({ N: z.string() })]);
const Text = z.strictObject({ S: z.string() });
const Key = z.strictObject({ [ATTRIBUTE.partition]: Text, [ATTRIBUTE.sort]: Text });
const Image = z.object({ [ATTRIBUTE.partition]: Text, [ATTRIBUTE.sort]: Text }).catchall(Value);

const FullLine = z
  .strictObject({ Item: Image })
  .transform(({ Item }): TableChange => ({ type: "put", item: Item }));

const IncrementalLine = z
  .object({ Keys: Key, NewImage: Image.optional() })
  .transform(({ Keys, NewImage }): TableChange =>
    NewImage === undefined ? { type: "delete", key: Keys } : { type: "put", item: NewImage },
  );

const LINES: Readonly<Record<BackupKind, z.ZodType<TableChange>>> = {
  full: FullLine,
  incremental: IncrementalLine,
};

/** Reads one line of a data file; `undefined` for what is none. */
export const readItem = (kind: BackupKind, line: string): TableChange | undefined =>
  LINES[kind].safeParse(jsonOrNothing(line)).data;

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
