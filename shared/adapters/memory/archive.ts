import type { Archive } from "../../ports/archive.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";

/** An archive in memory. */
export const createMemoryArchive = (): Archive => {
  const bodies = new Map<string, string>();
  return {
    write: async (key, body) => {
      checkArchiveKey(key);
      bodies.set(key, body);
    },
    read: async (key) => {
      checkArchiveKey(key);
      return bodies.get(key);
    },
    list: async (prefix, limit) => {
      checkArchivePrefix(prefix);
      const keys = [...bodies.keys()].filter((key) => key.startsWith(prefix));
      return keys.toSorted().slice(0, Math.max(0, limit));
    },
    remove: async (key) => {
      checkArchiveKey(key);
      bodies.delete(key);
    },
  };
};
