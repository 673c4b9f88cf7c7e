import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Benchmark, medianOf } from "./benchmark.ts";
import { goodQuotes, ours, typebox, zod, type Verdict } from "./validation-corpus.ts";

const BATCH = 500;
const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const ROUND_MS = 60;
const BATCHES_AT_ONCE = 20;
const BATCHES_MAX = 1_000_000;
const NS_PER_MS = 1_000_000;

/** Parsed from text, as they come out of a message. */
const quotesFrom = (text: string): readonly unknown[] => {
  const quotes: unknown = JSON.parse(text);
  return Array.isArray(quotes) ? quotes : [];
};

/** Nothing is measured before all three have said the same of every quote, good and damaged. */
const proveEquality = async (report: (note: string) => void): Promise<void> => {
  const worker = new Worker(new URL("./validation-proof.ts", import.meta.url));
  const [sentence] = await once(worker, "message");
  report(String(sentence));
};

/** What this thread alone has worked so far, milliseconds: a busy machine does not count. */
const workedMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Nanoseconds of work for a quote: batches until the clock of work, which is coarse, has moved. */
const timeRound = (work: () => number): number => {
  const startedAtMs = workedMs();
  let batches = 0;
  let elapsedMs = 0;
  while (elapsedMs < ROUND_MS && batches < BATCHES_MAX) {
    for (let batch = 0; batch < BATCHES_AT_ONCE; batch++) {
      if (work() !== BATCH) throw new Error("The work came to something else.");
    }
    batches += BATCHES_AT_ONCE;
    elapsedMs = workedMs() - startedAtMs;
  }
  return (elapsedMs * NS_PER_MS) / (batches * BATCH);
};

const countValid = (quotes: readonly unknown[], verdict: Verdict): number => {
  let valid = 0;
  for (const quote of quotes) if (verdict(quote)) valid++;
  return valid;
};

/** Nanoseconds a quote, ours and the other's. */
type Times = { readonly oursNs: readonly number[]; readonly otherNs: readonly number[] };

/** Rounds of ours and of the other by turns, so that what slows the machine slows both. */
const measureByTurns = (
  other: (text: string, quotes: readonly unknown[]) => number,
  tell: (oursNs: number, otherNs: number) => void,
): Times => {
  const text = JSON.stringify(goodQuotes(BATCH));
  const quotes = quotesFrom(text);
  const oursNs: number[] = [];
  const otherNs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const first = timeRound(() => countValid(quotes, ours));
    const second = timeRound(() => other(text, quotes));
    if (round < WARM_UP_ROUNDS) continue;
    oursNs.push(first);
    otherNs.push(second);
  }
  tell(medianOf(oursNs), medianOf(otherNs));
  return { oursNs, otherNs };
};

/** The middle of the rounds' ratios: each compares two stretches of time that are neighbours. */
const ratioOf = (upper: readonly number[], lower: readonly number[]): number =>
  medianOf(upper.map((value, index) => value / (lower[index] ?? Number.NaN)));

const tellTo =
  (report: (note: string) => void, name: string) =>
  (oursNs: number, otherNs: number): void => {
    report(`${oursNs.toFixed(0)} ns a quote, ${name} ${otherNs.toFixed(0)} ns`);
  };

/** How many quotes the reader validates in the time in which zod 4 validates one. */
export const validationZod: Benchmark = {
  name: "validation-zod",
  unit: "x zod's throughput",
  goal: { direction: "atLeast", value: 10 },
  measure: async (report) => {
    await proveEquality(report);
    const { oursNs, otherNs } = measureByTurns(
      (_text, quotes) => countValid(quotes, zod),
      tellTo(report, "zod"),
    );
    return { ours: ratioOf(otherNs, oursNs) };
  },
};

/** The reader's time for a quote by that of typebox's compiled check. */
export const validationTypebox: Benchmark = {
  name: "validation-typebox",
  unit: "x typebox's time",
  goal: { direction: "atMost", value: 1 },
  measure: async (report) => {
    await proveEquality(report);
    const { oursNs, otherNs } = measureByTurns(
      (_text, quotes) => countValid(quotes, typebox),
      tellTo(report, "typebox"),
    );
    return { ours: ratioOf(oursNs, otherNs) };
  },
};

/** The reader's time for a batch of 500 quotes by that of parsing their JSON. */
export const validationBatch: Benchmark = {
  name: "validation-batch",
  unit: "x its JSON.parse",
  goal: { direction: "atMost", value: 0.15 },
  measure: async (report) => {
    await proveEquality(report);
    const { oursNs, otherNs } = measureByTurns(
      (text) => quotesFrom(text).length,
      tellTo(report, "JSON.parse"),
    );
    return { ours: ratioOf(oursNs, otherNs) };
  },
};
