import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { NotMeasurable } from "./benchmark.ts";

const ROOT = new URL("..", import.meta.url);
const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;

/** What a process of ours came to; times in milliseconds. */
export type NodeRun = {
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
};

/**
 * Runs `node` with these words at the project's root and waits for its end. Throws `NotMeasurable`
 * when it takes longer than `timeoutMs` or leaves an exit code that is not among those expected.
 */
export const runNode = async (
  words: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly exitCodes?: readonly number[];
    /** In place of this process's own. */
    readonly environment?: Readonly<Record<string, string>>;
    /** The words of the command that starts `node`, such as one that keeps it to a core. */
    readonly before?: readonly string[];
  },
): Promise<NodeRun> => {
  const startedAtMs = performance.now();
  const [command, ...rest] = [...(options.before ?? []), process.execPath, ...words];
  const child = spawn(command ?? process.execPath, rest, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.environment === undefined ? {} : { env: { ...options.environment } }),
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new NotMeasurable(`\`node ${words.join(" ")}\` did not finish.`, { cause })),
    );
    child.once("close", resolve);
  });
  const elapsedMs = performance.now() - startedAtMs;
  if (exitCode === null || !(options.exitCodes ?? [0]).includes(exitCode)) {
    const said = stderr().trim().split("\n").at(-1) ?? "";
    throw new NotMeasurable(`\`node ${words.join(" ")}\` ended with ${exitCode}: ${said}`);
  }
  return { stdout: stdout(), stderr: stderr(), elapsedMs };
};

const Package = z.object({ scripts: z.object({ holdfast: z.string() }) });

/** The options of `node` with which `npm run holdfast` starts. */
export const optionsOfHoldfast = (): readonly string[] => {
  const text = readFileSync(new URL("package.json", ROOT), "utf8");
  const words = Package.parse(JSON.parse(text)).scripts.holdfast.split(" ");
  return words.filter((word) => word.startsWith("--"));
};

const gather = (stream: NodeJS.ReadableStream): (() => string) => {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (part: string) => {
    if (text.length < OUTPUT_BYTES_MAX) text += part;
  });
  return () => text;
};
