import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { WrittenItem } from "../../domain/backup/table-item.ts";
import type { BackupFiles } from "../../ports/backup-files.ts";
import type { ExportFile } from "../../ports/backups.ts";
import type { ExportWish } from "../../ports/table-exports.ts";
import { exportKeys, writeFiles, writeItem, writeSummary } from "./export-format.ts";

/** As many items as one data file holds: a restore reads one file at a time. */
const ITEMS_PER_FILE = 5_000;

const compress = promisify(gzip);

/** What an export of a store of our own is made from. */
export type ExportRequest = ExportWish & {
  readonly prefix: string;
  readonly table: string;
  readonly startedAtMs: number;
  readonly items: readonly WrittenItem[];
};

/**
 * Writes an export file by file, the summary last: without it there is no export. Its id is a
 * digest of what it holds, so that one that was begun and not ended is simply written again.
 */
export const writeExport = async (
  files: BackupFiles,
  request: ExportRequest,
): Promise<{ readonly exportId: string; readonly manifestKey: string }> => {
  const { kind, prefix, items, table, startedAtMs, fromMs, toMs } = request;
  const parts = await compressParts(kind, items);
  const exportId = nameOf(request, parts);
  const keys = exportKeys({ prefix, exportId }, kind);
  await files.write(keys.started, new Uint8Array());
  const written: ExportFile[] = [];
  for (const { body, itemCount } of parts) {
    const name = createHash("sha256").update(exportId).update(body).digest("hex").slice(0, 26);
    const key = `${keys.data}/${name}.json.gz`;
    await files.write(key, body);
    written.push({ key, itemCount, md5: md5Of(body) });
  }
  const list = Buffer.from(writeFiles(written));
  await files.write(keys.files, list);
  await files.write(keys.filesChecksum, Buffer.from(md5Of(list)));
  const summary = Buffer.from(
    writeSummary(
      { kind, fromMs, toMs, itemCount: items.length, filesKey: keys.files },
      {
        prefix,
        exportId,
        table,
        bucket: "local",
        startedAtMs,
        // The same export again is the same bytes.
        endedAtMs: startedAtMs,
        billedBytes: parts.reduce((bytes, { body }) => bytes + body.length, 0),
      },
    ),
  );
  await files.write(keys.summaryChecksum, Buffer.from(md5Of(summary)));
  await files.write(keys.summary, summary);
  return { exportId, manifestKey: keys.summary };
};

type Part = { readonly body: Uint8Array; readonly itemCount: number };

/** An export has one file at least, an empty one where nothing was written. */
const compressParts = async (
  kind: ExportWish["kind"],
  items: readonly WrittenItem[],
): Promise<readonly Part[]> => {
  const parts: Part[] = [];
  for (let first = 0; first === 0 || first < items.length; first += ITEMS_PER_FILE) {
    const slice = items.slice(first, first + ITEMS_PER_FILE);
    const text = slice.map((item) => `${writeItem(kind, item)}\n`).join("");
    parts.push({ body: await compress(text), itemCount: slice.length });
  }
  return parts;
};

/** Named as DynamoDB names them: a moment in 14 digits, and eight letters. */
const nameOf = (request: ExportRequest, parts: readonly Part[]): string => {
  const { kind, fromMs, toMs, startedAtMs } = request;
  const hash = createHash("sha256").update(`${kind} ${fromMs} ${toMs} ${startedAtMs}`);
  for (const { body } of parts) hash.update(body);
  const moment = Math.floor(toMs).toString().padStart(14, "0");
  return `${moment}-${hash.digest("hex").slice(0, 8)}`;
};

/** MD5 is what DynamoDB names its files' content by; our links add SHA-256 over both manifests. */
const md5Of = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("base64");
