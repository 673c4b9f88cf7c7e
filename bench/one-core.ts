import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * The words before a command that keep all of its threads on one core, the last that this process
 * may use; empty where the system has no such command (it is Linux's `taskset`) or refuses it.
 */
export const wordsForOneCore = (): readonly string[] => {
  if (process.platform !== "linux") return [];
  const core = lastCoreOf(readFileSync("/proc/self/status", "utf8"));
  if (core === undefined) return [];
  const tried = spawnSync("taskset", ["--cpu-list", core, "true"]);
  return tried.status === 0 ? ["taskset", "--cpu-list", core] : [];
};

/** The last core in `Cpus_allowed_list`, as in `0-3,7`, of a process's status in `/proc`. */
export const lastCoreOf = (status: string): string | undefined =>
  /^Cpus_allowed_list:\s*(?:[\d,-]*[,-])?(\d+)$/mu.exec(status)?.[1];
