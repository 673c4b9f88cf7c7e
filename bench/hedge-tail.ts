import { DATA_CALLS } from "../shared/adapters/calls/call-policy.ts";
import { type Calls, createCalls } from "../shared/adapters/calls/calls.ts";
import type { Source } from "../shared/adapters/calls/source.ts";
import { createSeededRandom } from "../shared/adapters/host/seeded-random.ts";
import { ok } from "../shared/domain/result.ts";
import type { Random } from "../shared/ports/random.ts";
import type { Benchmark } from "./benchmark.ts";
import { hostDeps, ourBreakers } from "./breaker-contenders.ts";
import { percentile } from "./percentile.ts";

const CALLS = 2_000;
const WARM_UP_CALLS = 200;
const CONCURRENCY = 20;
const SLOW_SHARE = 0.03;
const SLOW_MS = 500;
const USUAL_MS = 4;

/** The 99th percentile when 3 % of the answers take 500 ms: plain by hedged. */
export const hedgeTail: Benchmark = {
  name: "hedge-tail",
  unit: "x better p99",
  goal: { direction: "atLeast", value: 5 },
  measure: async (report) => {
    const plain = await measureTail(1);
    const hedged = await measureTail(2);
    report(`p99 ${hedged.p99Ms.toFixed(1)} ms, plain ${plain.p99Ms.toFixed(1)} ms.`);
    return { ours: plain.p99Ms / hedged.p99Ms };
  },
};

/** The requests that this costs beyond one a call. */
export const hedgeExtra: Benchmark = {
  name: "hedge-extra",
  unit: "% more requests",
  goal: { direction: "atMost", value: 6 },
  measure: async () => ({ ours: (await measureTail(2)).extraShare * 100 }),
};

/** Reads from the first so many of two sources, several at a time. */
const measureTail = async (
  sourceCount: number,
): Promise<{ readonly p99Ms: number; readonly extraShare: number }> => {
  const random = createSeededRandom(23);
  const sources = [slowNowAndThen("a", random), slowNowAndThen("b", random)].slice(0, sourceCount);
  // Neither source is ill: what is measured is the tail, not the breaker.
  const breakers = ourBreakers({ failuresToOpen: Infinity, slowShareMax: 1 });
  const calls = createCalls({ ...hostDeps, breakers, policy: DATA_CALLS });
  await readMany(calls, sources, WARM_UP_CALLS);
  const before = calls.counts().hedges;
  const times = await readMany(calls, sources, CALLS);
  const extraShare = (calls.counts().hedges - before) / CALLS;
  return { p99Ms: percentile(times, 0.99), extraShare };
};

const slowNowAndThen = (vendor: string, random: Random): Source<string> => ({
  vendor,
  name: `${vendor}.snapshots`,
  ask: ({ signal }) =>
    new Promise((resolve) => {
      const ms = random.next() < SLOW_SHARE ? SLOW_MS : USUAL_MS * (0.5 + random.next());
      const answer = (): void => resolve(ok(vendor));
      const callOff = hostDeps.timers.after(ms, answer);
      signal.addEventListener("abort", callOff, { once: true });
    }),
});

/** Milliseconds of each read. */
const readMany = async (
  calls: Calls,
  sources: readonly Source<string>[],
  count: number,
): Promise<readonly number[]> => {
  const times: number[] = [];
  const readSome = async (): Promise<void> => {
    for (let index = 0; index < count / CONCURRENCY; index++) {
      const startedAtMs = performance.now();
      const read = await calls.read(sources);
      if (!read.ok) throw new Error("A source that is well did not answer.");
      times.push(performance.now() - startedAtMs);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, readSome));
  return times;
};
