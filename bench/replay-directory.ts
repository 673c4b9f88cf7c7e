import * as z from "zod";
import { medianOf, NotMeasurable } from "./benchmark.ts";
import { wordsForOneCore } from "./one-core.ts";
import { optionsOfHoldfast, runNode } from "./run-node.ts";

const RUNS = 5;
const TIMEOUT_MS = 300_000;

const Output = z.object({
  quotes: z.number(),
  elapsedMs: z.number(),
  cpuMs: z.number(),
  threadMs: z.number(),
  traceHash: z.string(),
  duplicateOrders: z.literal(0),
  unguardedOrders: z.literal(0),
});

/**
 * The median quotes a second of processor time over several replays of a directory, each in a
 * process of its own as a user starts it, so that warming up counts; reading the files does not,
 * nor does drawing the flow that no recording holds.
 * The process keeps to one core with all its threads, collecting garbage and compiling included,
 * and its processor time counts: what that core needs, whoever else uses the machine. By the wall
 * clock and by the thread alone it is told beside.
 */
export const timeReplay = async (
  directory: string,
  report: (note: string) => void,
): Promise<number> => {
  const rates: number[] = [];
  const ratesByWall: number[] = [];
  const ratesByThread: number[] = [];
  const hashes = new Set<string>();
  const before = wordsForOneCore();
  let quotes = 0;
  for (let count = 0; count < RUNS; count++) {
    const words = [...optionsOfHoldfast(), "scripts/time-replay.ts", directory];
    const { stdout } = await runNode(words, { timeoutMs: TIMEOUT_MS, before });
    const output = Output.safeParse(JSON.parse(stdout));
    if (!output.success) throw new NotMeasurable("The replay's JSON is not what it should be.");
    ({ quotes } = output.data);
    rates.push((quotes * 1_000) / output.data.cpuMs);
    ratesByWall.push((quotes * 1_000) / output.data.elapsedMs);
    ratesByThread.push((quotes * 1_000) / output.data.threadMs);
    hashes.add(output.data.traceHash);
  }
  if (hashes.size !== 1) throw new NotMeasurable("Two replays of the same data differ.");
  const byWall = Math.round(medianOf(ratesByWall));
  const byThread = Math.round(medianOf(ratesByThread));
  report(
    `${quotes} quotes a run, ${RUNS} runs; quotes a second by the wall clock: ${byWall}, ` +
      `by the replaying thread's processor time alone: ${byThread}. ${
        before.length === 0
          ? "Nothing kept the process to one core: threads on another count, and slow each other."
          : `The process kept to one core: ${before.join(" ")}.`
      }`,
  );
  return medianOf(rates);
};
