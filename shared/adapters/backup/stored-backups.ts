import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import * as z from "zod";
import { type BackupFlaw, flawOf } from "../../domain/backup/backup-flaw.ts";
import { type BackupKind, type BackupLink, linkName } from "../../domain/backup/backup-link.ts";
import type { TableChange } from "../../domain/backup/table-item.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import type { Backups, ExportFile } from "../../ports/backups.ts";
import { readFiles, readItem, readSummary } from "./export-format.ts";

/** More links than are kept: hourly ones for a year, and a person's own. */
const LINKS_MAX = 20_000;
/** What one data file may unfold to; a larger one is not what we or DynamoDB write. */
const TEXT_BYTES_MAX = 1_000_000_000;

const decompress = promisify(gunzip);

const LinkCodec: z.ZodType<BackupLink> = z.strictObject({
  version: z.literal(1),
  table: z.string().min(1),
  tableId: z.string().min(1),
  number: z.int().min(1),
  kind: z.enum(["full", "incremental"]),
  fromMs: z.int().min(0),
  toMs: z.int().min(0),
  exportId: z.string().min(1),
  manifestKey: z.string().min(1),
  summaryDigest: z.string(),
  filesDigest: z.string(),
  itemCount: z.int().min(0),
  previousDigest: z.string().nullable(),
  digest: z.string(),
});

/** Below this everything of a table's backups stands. */
export const exportPrefix = (table: string): string => `exports/${table}`;

/** The exports of a table below `exports/<table>/`, whoever wrote them: DynamoDB or ourselves. */
export const createStoredBackups = (files: BackupFiles, table: string): Backups => {
  const chain = `${exportPrefix(table)}/chain/`;
  return {
    table,
    listLinks: async () => {
      const keys = await files.list(chain, LINKS_MAX);
      const numbers = keys.map((key) => Number(/(\d{8})\.json$/.exec(key)?.[1]));
      return numbers.filter(Number.isSafeInteger).toSorted((one, other) => one - other);
    },
    readLink: async (number) => {
      const key = chain + linkName(number);
      const body = await files.read(key);
      if (body === undefined) return missing(key);
      const link = LinkCodec.safeParse(jsonOrNothing(textOf(body)));
      const isOurs = link.success && link.data.number === number && link.data.table === table;
      return isOurs ? ok(link.data) : unreadable(key, "is no link of this chain.");
    },
    addLink: async (link) => {
      const key = chain + linkName(link.number);
      const body = Buffer.from(JSON.stringify(link));
      if (await files.write(key, body)) return true;
      // A write that was repeated after a lost answer meets itself: that is success.
      const stored = await files.read(key);
      return stored !== undefined && Buffer.compare(stored, body) === 0;
    },
    readExport: (manifestKey, linked) => readExport(files, manifestKey, linked),
    readFile: (kind, file) => readFile(files, kind, file),
  };
};

const readExport = async (
  files: BackupFiles,
  manifestKey: string,
  linked: Parameters<Backups["readExport"]>[1],
): ReturnType<Backups["readExport"]> => {
  const summaryBody = await files.read(manifestKey);
  if (summaryBody === undefined) return missing(manifestKey);
  const summaryDigest = sha256Of(summaryBody);
  if (linked !== undefined && linked.summaryDigest !== summaryDigest) return changed(manifestKey);
  const summary = readSummary(textOf(summaryBody));
  if (summary === undefined) return unreadable(manifestKey, "is no export's summary.");
  const { kind, fromMs, toMs, itemCount, filesKey } = summary;
  const listBody = await files.read(filesKey);
  if (listBody === undefined) return missing(filesKey);
  const filesDigest = sha256Of(listBody);
  if (linked !== undefined && linked.filesDigest !== filesDigest) return changed(filesKey);
  const list = readFiles(textOf(listBody));
  if (list === undefined) return unreadable(filesKey, "is no export's list of files.");
  const listed = list.reduce((sum, file) => sum + file.itemCount, 0);
  if (listed !== itemCount) {
    const words = `lists ${listed} items, and the summary ${itemCount}.`;
    return err(flawOf("cut", filesKey, `The list ${filesKey} ${words}`));
  }
  return ok({ kind, fromMs, toMs, itemCount, summaryDigest, filesDigest, files: list });
};

const readFile = async (
  files: BackupFiles,
  kind: BackupKind,
  { key, itemCount, md5 }: ExportFile,
): ReturnType<Backups["readFile"]> => {
  const body = await files.read(key);
  if (body === undefined) return missing(key);
  if (createHash("md5").update(body).digest("base64") !== md5) {
    return changed(key);
  }
  const text = await unfold(body);
  if (text === undefined) return unreadable(key, "cannot be unfolded.");
  const changes: TableChange[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const change = readItem(kind, line);
    if (change === undefined) {
      return unreadable(`${key}:${index + 1}`, `holds no item on line ${index + 1}.`);
    }
    changes.push(change);
  }
  if (changes.length !== itemCount) {
    const words = `holds ${changes.length} items, and ${itemCount} were exported.`;
    return err(flawOf("cut", key, `The file ${key} ${words}`));
  }
  return ok(changes);
};

/** An empty file is one without items, as DynamoDB writes them for empty partitions. */
const unfold = async (body: Uint8Array): Promise<string | undefined> => {
  if (body.length === 0) return "";
  try {
    return (await decompress(body, { maxOutputLength: TEXT_BYTES_MAX })).toString("utf8");
  } catch {
    return undefined;
  }
};

const changed = (key: string): Result<never, BackupFlaw> =>
  err(flawOf("changed", key, `The file ${key} is not what was exported.`));

const sha256Of = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

const missing = (key: string): Result<never, BackupFlaw> =>
  err(flawOf("missing", key, `The file ${key} is missing.`));

const unreadable = (key: string, what: string): Result<never, BackupFlaw> =>
  err(flawOf("unreadable", key, `The file ${key.replace(/:\d+$/, "")} ${what}`));

const textOf = (body: Uint8Array): string => Buffer.from(body).toString("utf8");

const jsonOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
