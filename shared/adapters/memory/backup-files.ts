import type { BackupFiles } from "../../ports/backup-files.ts";

/** Files of backups in memory. */
export const createMemoryBackupFiles = (): BackupFiles => {
  const bodies = new Map<string, Uint8Array>();
  return {
    write: async (key, body) => {
      if (bodies.has(key)) return false;
      bodies.set(key, Uint8Array.from(body));
      return true;
    },
    read: async (key) => bodies.get(key),
    list: async (prefix, limit) => {
      const keys = [...bodies.keys()].filter((key) => key.startsWith(prefix));
      return keys.toSorted().slice(0, Math.max(0, limit));
    },
  };
};
