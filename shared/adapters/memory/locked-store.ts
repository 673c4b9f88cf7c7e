import type { LockedStore } from "../../ports/locked-store.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";

/** A locked store in memory. */
export const createMemoryLockedStore = (): LockedStore => {
  const bodies = new Map<string, string>();
  return {
    create: async (key, body) => {
      checkArchiveKey(key);
      const standing = bodies.get(key);
      if (standing !== undefined) return { type: "exists", body: standing };
      bodies.set(key, body);
      return { type: "created" };
    },
    read: async (key) => {
      checkArchiveKey(key);
      return bodies.get(key);
    },
    list: async (prefix, after, limit) => {
      checkArchivePrefix(prefix);
      const keys = [...bodies.keys()].filter(
        (key) => key.startsWith(prefix) && (after === undefined || key > after),
      );
      return keys.toSorted().slice(0, Math.max(0, limit));
    },
  };
};
