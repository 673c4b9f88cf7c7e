import { link, open, readdir, readFile, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { LockedStore } from "../../ports/locked-store.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import { codeOf, orRetryable, unlessMissing } from "./file-errors.ts";
import { makeDirectory } from "./make-directory.ts";

const inDirectory = orRetryable("locked directory");

/**
 * A locked store in a directory, one read-only file a key. A file is written aside and then linked
 * under its name, which fails where the name is taken: a crash leaves the whole file or none, and
 * of two writers one is first. The machine's owner can still remove files, which verifying finds.
 */
export const createLockedFiles = (directory: string): LockedStore => {
  let writes = 0;
  return {
    create: (key, body) =>
      inDirectory(async () => {
        checkArchiveKey(key);
        writes += 1;
        const path = join(directory, key);
        const aside = join(directory, `.${process.pid}-${writes}.partial`);
        makeDirectory(dirname(path));
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
      inDirectory(async () => {
        checkArchiveKey(key);
        return await unlessMissing(() => readFile(join(directory, key), "utf8"), undefined);
      }),
    list: (prefix, after, limit) =>
      inDirectory(async () => {
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
