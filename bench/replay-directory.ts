import * as z from "zod";
import { medianOf, NotMeasurable } from "./benchmark.ts";
import { runNode } from "./run-node.ts";

const RUNS = 5;
const TIMEOUT_MS = 300_000;

const Output = z.object({
  quotes: z.number(),
  quotesPerSecond: z.number(),
  traceHash: z.string(),
  duplicateOrders: z.literal(0),
  unguardedOrders: z.literal(0),
});

/**
 * The median quotes a second over several replays of a directory, each in a process of its own as
 * a user starts it, so that warming up counts; reading the files does not.
 */
export const timeReplay = async (
  directory: string,
  report: (note: string) => void,
): Promise<number> => {
  const rates: number[] = [];
  const hashes = new Set<string>();
  for (let count = 0; count < RUNS; count++) {
    const words = ["bin/holdfast.ts", "replay", directory, "--json"];
    const { stdout } = await runNode(words, { timeoutMs: TIMEOUT_MS });
    const output = Output.safeParse(JSON.parse(stdout));
    if (!output.success) throw new NotMeasurable("The replay's JSON is not what it should be.");
    rates.push(output.data.quotesPerSecond);
    hashes.add(output.data.traceHash);
    if (count === 0) report(`${output.data.quotes} quotes a run, ${RUNS} runs.`);
  }
  if (hashes.size !== 1) throw new NotMeasurable("Two replays of the same data differ.");
  return medianOf(rates);
};
