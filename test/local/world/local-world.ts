import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../../bin/holdfast.mjs", import.meta.url));

/** One line of `start --json`. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** A local world in a process of its own. */
export type LocalWorld = {
  /**
   * The first line, seen already or yet to come, that `isIt` takes; rejects if the process ends.
   */
  readonly waitFor: (isIt: (line: Line) => boolean) => Promise<Line>;
  readonly lines: () => readonly Line[];
  readonly url: () => Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** The exit code; null after a kill. */
  readonly ended: Promise<number | null>;
  readonly errors: () => string;
};

export const startLocalWorld = (words: readonly string[]): LocalWorld => {
  const child: ChildProcess = spawn(
    process.execPath,
    [CLI, "start", "--json", "--port", "0", ...words],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const lines: Line[] = [];
  let errors = "";
  let listeners: (() => void)[] = [];
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (text) => {
      lines.push(JSON.parse(text));
      for (const listener of listeners) listener();
    });
  }
  const waitFor = (isIt: (line: Line) => boolean): Promise<Line> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(isIt);
        if (found === undefined) return;
        listeners = listeners.filter((other) => other !== look);
        resolve(found);
      };
      listeners.push(look);
      look();
      void ended.then(() => reject(new Error(`The world ended. ${errors}`)));
    });
  return {
    waitFor,
    lines: () => lines,
    url: async () => String((await waitFor(({ type }) => type === "ready"))["url"]),
    kill: (signal) => child.kill(signal),
    ended,
    errors: () => errors,
  };
};

export const makeStateDirectory = (): string => mkdtempSync(join(tmpdir(), "holdfast-world-"));

export const removeDirectory = (path: string): void =>
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
