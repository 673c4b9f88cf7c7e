import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * The words before a command that keep all of its threads on one core, the last that this process
 * may use; empty where the system has no such command (it is Linux's `taskset`).
 */
export const wordsForOneCore = (): readonly string[] => {
  if (process.platform !== "linux" || spawnSync("taskset", ["--version"]).status !== 0) return [];
  const core = lastCoreOf(readFileSync("/proc/self/status", "utf8"));
  return core === undefined ? [] : ["taskset", "--cpu-list", core];
};

/** The last core in `Cpus_allowed_list`, as in `0-3,7`, of a process's status in `/proc`. */
export const lastCoreOf = (status: string): string | undefined =>
  /^Cpus_allowed_list:\s*(?:[\d,-]*[,-])?(\d+)$/mu.exec(status)?.[1];
