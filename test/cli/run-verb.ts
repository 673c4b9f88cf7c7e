import { runCommandLine } from "../../bin/command-line.ts";
import type { ExitCode, Verb } from "../../bin/verb.ts";

/** What a verb left behind. */
export type VerbRun = {
  readonly exitCode: ExitCode;
  readonly output: string;
  readonly errors: string;
};

/** Runs a verb with these words, where nobody looks and nothing is in the environment. */
export const runVerb = (verb: Verb, ...words: readonly string[]): Promise<VerbRun> =>
  run(verb, words, undefined);

/** The same, stopped as by a signal as soon as it has said `sign` on stderr; "": before it began. */
export const runVerbUntil = (
  sign: string,
  verb: Verb,
  ...words: readonly string[]
): Promise<VerbRun> => run(verb, words, sign);

const run = async (
  verb: Verb,
  words: readonly string[],
  sign: string | undefined,
): Promise<VerbRun> => {
  const stop = new AbortController();
  if (sign === "") stop.abort();
  let output = "";
  let errors = "";
  const exitCode = await runCommandLine([verb], [verb.name, ...words], {
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
      if (sign !== undefined && errors.includes(sign)) stop.abort();
    },
    isTerminal: false,
    environment: {},
    stopped: stop.signal,
  });
  return { exitCode, output, errors };
};
