import type { Dirent } from "node:fs";
import { lstat, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { DiskMeasure, EnvironmentBounds } from "../../domain/healing/environment-watch.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OwnEnvironment } from "../../ports/own-environment.ts";

/** What the process is told of itself. */
export type OwnEnvironmentOptions = {
  readonly clock: Pick<Clock, "nowMs">;
  readonly bounds: Pick<EnvironmentBounds, "memoryBytes" | "diskBytes">;
  readonly temporaryDirectory: string;
  readonly retire: () => void;
};

const FILES_MAX = 1_000;
const CONNECTIONS_MAX = 256;
/** A walk through the temporary directory sees at most so many entries. */
const ENTRIES_MAX = 5_000;
const DEPTH_MAX = 8;
/** What was written a moment ago may still be in use. */
const KEPT_MS = 60_000;

/** This process as a function's environment: its memory, its sockets, its temporary directory. */
export const createOwnEnvironment = (options: OwnEnvironmentOptions): OwnEnvironment => {
  const { clock, temporaryDirectory, retire } = options;
  return {
    bounds: { ...options.bounds, filesMax: FILES_MAX, connectionsMax: CONNECTIONS_MAX },
    measureMemory: () => {
      const { heapUsed, external, rss } = process.memoryUsage();
      const connections = process
        .getActiveResourcesInfo()
        .filter((name) => name === "TCPSocketWrap").length;
      return { heldBytes: heapUsed + external, residentBytes: rss, connections };
    },
    measureDisk: async () => {
      let measured: DiskMeasure = { bytes: 0, files: 0 };
      for (const { bytes } of await filesIn(temporaryDirectory)) {
        measured = { bytes: measured.bytes + bytes, files: measured.files + 1 };
      }
      return measured;
    },
    cleanDisk: async () => {
      let removed = 0;
      for (const file of await filesIn(temporaryDirectory)) {
        if (!file.isOwn || clock.nowMs() - file.changedAtMs < KEPT_MS) continue;
        if (await isDone(unlink(file.path))) removed += 1;
      }
      return removed;
    },
    retire,
  };
};

type FoundFile = {
  readonly path: string;
  readonly bytes: number;
  /** Written by this process's own user. */
  readonly isOwn: boolean;
  readonly changedAtMs: number;
};

/** Regular files below a directory; links are neither followed nor counted. */
const filesIn = async (directory: string): Promise<readonly FoundFile[]> => {
  const found: FoundFile[] = [];
  const waiting = [{ path: directory, depth: 0 }];
  let entries = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of await entriesOf(next.path)) {
      entries += 1;
      if (entries > ENTRIES_MAX) return found;
      const path = join(next.path, entry.name);
      if (entry.isDirectory() && next.depth < DEPTH_MAX) {
        waiting.push({ path, depth: next.depth + 1 });
      } else if (entry.isFile()) found.push(...(await fileAt(path)));
    }
  }
  return found;
};

/** Gone or closed to us meanwhile: then there is nothing of ours in it. */
const entriesOf = async (directory: string): Promise<readonly Dirent[]> => {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return [];
  }
};

const fileAt = async (path: string): Promise<readonly FoundFile[]> => {
  try {
    const { size, uid, mtimeMs, ctimeMs } = await lstat(path);
    const isOwn = uid === process.getuid?.();
    return [{ path, bytes: size, isOwn, changedAtMs: Math.max(mtimeMs, ctimeMs) }];
  } catch {
    return [];
  }
};

const isDone = async (work: Promise<void>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
};
