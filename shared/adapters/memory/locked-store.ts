import type { LockedStore } from "../../ports/locked-store.ts";
import { checkArchiveKey, checkArchivePrefix } from "../stored/archive-key.ts";
import type { AtOnce } from "./at-once.ts";

/** A locked store in memory. */
export const createMemoryLockedStore = (): LockedStore => toLockedStore(createMemoryLocked());

/** A store for whoever waits for each answer. */
export const toLockedStore = ({ create, read, list }: AtOnce<LockedStore>): LockedStore => ({
  create: async (key, body) => create(key, body),
  read: async (key) => read(key),
  list: async (prefix, after, limit) => list(prefix, after, limit),
});

/** The same for a caller that needs no promise, such as a simulated service. */
export const createMemoryLocked = (): AtOnce<LockedStore> => {
  const bodies = new Map<string, string>();
  return {
    create: (key, body) => {
      checkArchiveKey(key);
      const standing = bodies.get(key);
      if (standing !== undefined) return { type: "exists", body: standing };
      bodies.set(key, body);
      return { type: "created" };
    },
    read: (key) => {
      checkArchiveKey(key);
      return bodies.get(key);
    },
    list: (prefix, after, limit) => {
      checkArchivePrefix(prefix);
      const keys = [...bodies.keys()].filter(
        (key) => key.startsWith(prefix) && (after === undefined || key > after),
      );
      return keys.toSorted().slice(0, Math.max(0, limit));
    },
  };
};
