import { parentPort } from "node:worker_threads";
import { goodQuotes, mutatedQuotes, ours, typebox, zod } from "./validation-corpus.ts";

const GOOD = 500;
const MUTATED = 20_000;

/**
 * Proves that the validators say the same of every quote, good and damaged, and tells in a sentence
 * over how many; throws the first quote on which they differ. It runs in a thread of its own:
 * damaged quotes have hundreds of shapes, after which nothing is as fast as it is in a day's work.
 */
const proveEquality = (): string => {
  const quotes: unknown = JSON.parse(
    JSON.stringify([...goodQuotes(GOOD), ...mutatedQuotes(MUTATED)]),
  );
  let taken = 0;
  for (const quote of Array.isArray(quotes) ? quotes : []) {
    const verdict = ours(quote);
    if (verdict) taken++;
    if (zod(quote) !== verdict || typebox(quote) !== verdict) {
      throw new Error(`The validators do not agree on ${JSON.stringify(quote)}.`);
    }
  }
  if (taken < GOOD || taken > MUTATED / 2) throw new Error("The corpus is one-sided.");
  return `the same verdict on ${GOOD + MUTATED} quotes, of which ${taken} are valid`;
};

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin.
parentPort?.postMessage(proveEquality());
