import { crc32 } from "node:zlib";
import { inflateSync } from "fflate";
import { err, ok, type Result } from "../../shared/domain/result.ts";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_OF_DIRECTORY_BYTES = 22;
const DIRECTORY_ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
/** A length of all ones means that the real one stands in the entry's zip64 field. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;
const COMMENT_BYTES_MAX = 65_535;
/** A recorded minute day is far below; the bound keeps a hostile archive from filling memory. */
const UNZIPPED_BYTES_MAX = 256 * 1024 * 1024;

/** Why an archive cannot be read. */
export type UnzipError = "NotAZip" | "TruncatedZip";

/**
 * Returns the bytes of the first file in a zip archive, checked against its stored length and
 * CRC-32, which the general unzip functions of small libraries leave unchecked.
 */
export const unzipSingleEntry = (archive: Uint8Array): Result<Uint8Array, UnzipError> => {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (archive.length < 4 || view.getUint32(0, true) !== LOCAL_HEADER) return err("NotAZip");
  const directoryAt = findDirectory(view);
  if (directoryAt === undefined) return err("TruncatedZip");
  if (directoryAt + DIRECTORY_ENTRY_BYTES > archive.length) return err("TruncatedZip");
  if (view.getUint32(directoryAt, true) !== DIRECTORY_ENTRY) return err("TruncatedZip");
  const entry = readEntry(view, directoryAt);
  if (entry === undefined || entry.unzippedBytes > UNZIPPED_BYTES_MAX) return err("TruncatedZip");
  if (entry.headerAt + LOCAL_HEADER_BYTES > archive.length) return err("TruncatedZip");
  const startsAt =
    entry.headerAt +
    LOCAL_HEADER_BYTES +
    view.getUint16(entry.headerAt + 26, true) +
    view.getUint16(entry.headerAt + 28, true);
  if (startsAt + entry.zippedBytes > archive.length) return err("TruncatedZip");
  const zipped = archive.subarray(startsAt, startsAt + entry.zippedBytes);
  const unzipped = inflateEntry(entry.method, zipped, entry.unzippedBytes);
  if (unzipped === undefined) return err("TruncatedZip");
  return crc32(unzipped) === entry.checksum ? ok(unzipped) : err("TruncatedZip");
};

/**
 * The offset of the central directory, which stands behind the files and proves the end is there.
 */
const findDirectory = (view: DataView): number | undefined => {
  const last = view.byteLength - END_OF_DIRECTORY_BYTES;
  const first = Math.max(0, last - COMMENT_BYTES_MAX);
  for (let at = last; at >= first; at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return view.getUint32(at + 16, true);
  }
  return undefined;
};

type Entry = {
  readonly method: number;
  readonly checksum: number;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  readonly headerAt: number;
};

/** Reads a directory entry; lengths stand in its zip64 field when their usual place is all ones. */
const readEntry = (view: DataView, at: number): Entry | undefined => {
  const entry = {
    method: view.getUint16(at + 10, true),
    checksum: view.getUint32(at + 16, true),
    zippedBytes: view.getUint32(at + 20, true),
    unzippedBytes: view.getUint32(at + 24, true),
    headerAt: view.getUint32(at + 42, true),
  };
  if (entry.zippedBytes !== IN_ZIP64 && entry.unzippedBytes !== IN_ZIP64) return entry;
  let fieldAt = at + DIRECTORY_ENTRY_BYTES + view.getUint16(at + 28, true);
  const fieldsEndAt = fieldAt + view.getUint16(at + 30, true);
  while (fieldAt + 20 <= fieldsEndAt && fieldsEndAt <= view.byteLength) {
    if (view.getUint16(fieldAt, true) === ZIP64_FIELD) {
      // Only whole entries with both lengths in the field are written by the tools that make these.
      const unzippedBytes = Number(view.getBigUint64(fieldAt + 4, true));
      const zippedBytes = Number(view.getBigUint64(fieldAt + 12, true));
      return { ...entry, unzippedBytes, zippedBytes };
    }
    fieldAt += 4 + view.getUint16(fieldAt + 2, true);
  }
  return undefined;
};

const inflateEntry = (
  method: number,
  zipped: Uint8Array,
  unzippedBytes: number,
): Uint8Array | undefined => {
  if (method === 0) return zipped.length === unzippedBytes ? zipped : undefined;
  if (method !== 8) return undefined;
  try {
    const unzipped = inflateSync(zipped, { out: new Uint8Array(unzippedBytes) });
    return unzipped.length === unzippedBytes ? unzipped : undefined;
  } catch {
    // The inflater throws on any damage; the caller reports the file.
    return undefined;
  }
};
