import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The file in a state directory that names the process which holds it. */
export const PROCESS_FILE = "process.json";

/** Notes which process holds a state directory, for whoever finds its store gone. */
export const noteProcess = (statePath: string): void =>
  writeFileSync(join(statePath, PROCESS_FILE), `${process.pid}\n`);

/**
 * The process that holds a state directory, if it is alive and not this one. A store's own lock
 * cannot say so once its file was removed under a world that runs.
 */
export const findRunningWorld = (statePath: string): number | undefined => {
  try {
    const pid = Number(readFileSync(join(statePath, PROCESS_FILE), "utf8"));
    if (!Number.isSafeInteger(pid) || pid < 1 || pid === process.pid) return undefined;
    // Signal 0 asks only whether there is such a process.
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
};
