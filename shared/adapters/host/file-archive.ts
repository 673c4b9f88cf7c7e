import { open, opendir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../../ports/archive.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import { orRetryable, unlessMissing } from "./file-errors.ts";
import { makeDirectory } from "./make-directory.ts";

const inDirectory = orRetryable("archive's directory");

/**
 * An archive in a directory, one file a key with the slashes written as `%2F`. A file is written
 * aside and renamed, so that a crash leaves the old content or the new, never a part.
 */
export const createFileArchive = (directory: string): Archive => {
  let writes = 0;
  return {
    write: (key, body) =>
      inDirectory(async () => {
        checkArchiveKey(key);
        writes += 1;
        // Another process may keep something else here at the same time.
        const aside = join(directory, `.${writes}-${keyToName(key)}.partial`);
        makeDirectory(directory);
        const file = await open(aside, "w");
        try {
          await file.writeFile(body);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(aside, join(directory, keyToName(key)));
      }),
    read: (key) =>
      inDirectory(async () => {
        checkArchiveKey(key);
        return await unlessMissing(
          () => readFile(join(directory, keyToName(key)), "utf8"),
          undefined,
        );
      }),
    list: (prefix, limit) =>
      inDirectory(async () => {
        checkArchivePrefix(prefix);
        const keys: string[] = [];
        const entries = await unlessMissing(() => opendir(directory), []);
        for await (const { name } of entries) {
          const key = name.replaceAll("%2F", "/");
          if (!name.startsWith(".") && key.startsWith(prefix)) keys.push(key);
        }
        return keys.toSorted().slice(0, Math.max(0, limit));
      }),
    remove: (key) =>
      inDirectory(async () => {
        checkArchiveKey(key);
        await unlessMissing(() => unlink(join(directory, keyToName(key))), undefined);
      }),
  };
};

const keyToName = (key: string): string => key.replaceAll("/", "%2F");
