import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { medianOf, NotMeasurable } from "./benchmark.ts";

const ROOT = new URL("..", import.meta.url);
const MS_PER_SECOND = 1_000;

const Line = z.object({ type: z.string() });

/**
 * The median seconds from starting the local world at speed 1, each time new in a directory of its
 * own, to the first line of its output that has this type.
 */
export const timeStart = async (
  type: string,
  options: { readonly runs: number; readonly timeoutMs: number },
): Promise<number> => {
  const runs: number[] = [];
  for (let count = 0; count < options.runs; count++) {
    const state = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
    try {
      runs.push(await timeOne(type, state, options.timeoutMs));
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  }
  return medianOf(runs) / MS_PER_SECOND;
};

const timeOne = async (type: string, state: string, timeoutMs: number): Promise<number> => {
  const words = ["bin/holdfast.mjs", "start", "--port", "0", "--state", state, "--fresh", "--json"];
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const timer = setTimeout(() => child.kill(), timeoutMs);
  const closed = once(child, "close");
  let elapsedMs: number | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    if (Line.parse(JSON.parse(text)).type !== type) continue;
    elapsedMs = performance.now() - startedAtMs;
    break;
  }
  clearTimeout(timer);
  child.kill();
  // The pipe is read to its end, or a full one would keep the process from stopping.
  child.stdout.resume();
  await closed;
  if (elapsedMs !== undefined) return elapsedMs;
  throw new NotMeasurable(`The local world did not come to "${type}" in ${timeoutMs} ms.`);
};
