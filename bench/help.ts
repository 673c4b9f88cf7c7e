import { type Benchmark, medianOf } from "./benchmark.ts";
import { runNode } from "./run-node.ts";

const RUNS = 15;
const TIMEOUT_MS = 10_000;

const timeHelp = async (words: readonly string[]): Promise<number> => {
  const runs: number[] = [];
  // The first run only brings the files into the system's cache.
  for (let count = 0; count <= RUNS; count++) {
    const { elapsedMs } = await runNode(["bin/holdfast.mjs", ...words], { timeoutMs: TIMEOUT_MS });
    if (count > 0) runs.push(elapsedMs);
  }
  return medianOf(runs);
};

/** How long `holdfast --help` takes from the shell's view. */
export const help: Benchmark = {
  name: "help",
  unit: "ms",
  goal: { direction: "atMost", value: 150 },
  measure: async () => ({ ours: await timeHelp(["--help"]) }),
};

/** The same for a verb's own help. */
export const helpVerb: Benchmark = {
  name: "help-verb",
  unit: "ms",
  goal: { direction: "atMost", value: 150 },
  measure: async () => ({ ours: await timeHelp(["replay", "--help"]) }),
};
