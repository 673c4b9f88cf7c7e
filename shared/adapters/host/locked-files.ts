import { link, mkdir, open, readdir, readFile, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { RetryableError } from "../../domain/fault.ts";
import type { LockedStore } from "../../ports/locked-store.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";

/**
 * A locked store in a directory, one read-only file a key. A file is written aside and then linked
 * under its name, which fails where the name is taken: a crash leaves the whole file or none, and
 * of two writers one is first. The machine's owner can still remove files, which verifying finds.
 */
export const createLockedFiles = (directory: string): LockedStore => {
  let writes = 0;
  return {
    create: (key, body) =>
      orRetryable(async () => {
        checkArchiveKey(key);
        writes += 1;
        const path = join(directory, key);
        const aside = join(directory, `.${process.pid}-${writes}.partial`);
        await mkdir(dirname(path), { recursive: true });
        await writeAside(aside, body);
        try {
          await link(aside, path);
          return { type: "created" };
        } catch (error) {
          if (codeOf(error) !== "EEXIST") throw error;
          return { type: "exists", body: await readFile(path, "utf8") };
        } finally {
          await unlink(aside);
        }
      }),
    read: (key) =>
      orRetryable(async () => {
        checkArchiveKey(key);
        return await unlessMissing(() => readFile(join(directory, key), "utf8"), undefined);
      }),
    list: (prefix, after, limit) =>
      orRetryable(async () => {
        checkArchivePrefix(prefix);
        const folder = join(directory, prefix.slice(0, prefix.lastIndexOf("/") + 1));
        const entries = await unlessMissing(
          () => readdir(folder, { recursive: true, withFileTypes: true }),
          [],
        );
        const keys = entries
          .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
          .map(({ parentPath, name }) => toKey(directory, join(parentPath, name)))
          .filter((key) => key.startsWith(prefix) && (after === undefined || key > after));
        return keys.toSorted().slice(0, Math.max(0, limit));
      }),
  };
};

const writeAside = async (aside: string, body: string): Promise<void> => {
  const file = await open(aside, "w", 0o444);
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
};

const toKey = (directory: string, path: string): string =>
  relative(directory, path).split(sep).join("/");

const unlessMissing = async <Value, Missing>(
  work: () => Promise<Value>,
  missing: Missing,
): Promise<Value | Missing> => {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return missing;
    throw error;
  }
};

const orRetryable = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new RetryableError(`The locked directory cannot be used: ${code}.`, { cause: error });
  }
};

/** The operating system's name of what failed. */
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
