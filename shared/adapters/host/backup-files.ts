import { link, open, readdir, readFile, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BackupFiles } from "../../ports/backup-files.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import { codeOf, orRetryable } from "./file-errors.ts";
import { makeDirectory } from "./make-directory.ts";

const inDirectory = orRetryable("directory of the backups");

/**
 * Files of backups in a directory, laid out as their keys say. A file is written aside and then
 * linked to its name, which fails where one stands there: after a crash it is whole or not there.
 */
export const createDirectoryBackupFiles = (directory: string): BackupFiles => {
  let writes = 0;
  return {
    write: (key, body) =>
      inDirectory(async () => {
        const path = pathOf(directory, key);
        writes += 1;
        const aside = join(directory, `.${process.pid}-${writes}.partial`);
        makeDirectory(dirname(path));
        const file = await open(aside, "w");
        try {
          await file.writeFile(body);
          await file.sync();
        } finally {
          await file.close();
        }
        try {
          await link(aside, path);
          return true;
        } catch (error) {
          if (codeOf(error) === "EEXIST") return false;
          throw error;
        } finally {
          await unlink(aside);
        }
      }),
    read: (key) =>
      inDirectory(async () => {
        try {
          return await readFile(pathOf(directory, key));
        } catch (error) {
          if (codeOf(error) === "ENOENT") return undefined;
          throw error;
        }
      }),
    list: (prefix, limit) =>
      inDirectory(async () => {
        checkArchivePrefix(prefix);
        const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
        const names = await namesIn(join(directory, folder));
        const keys = names.map((name) => folder + name).filter((key) => key.startsWith(prefix));
        return keys.toSorted().slice(0, Math.max(0, limit));
      }),
  };
};

/** `_started` is the one name of DynamoDB's that no archive of ours would have. */
const pathOf = (directory: string, key: string): string => {
  checkArchiveKey(key.replace(/\/_started$/, "/started"));
  return join(directory, key);
};

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
    return files.map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
};
