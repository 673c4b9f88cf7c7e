import { runCommandLine } from "../../bin/command-line.ts";
import type { ExitCode, Verb } from "../../bin/verb.ts";

/** What a verb left behind. */
export type VerbRun = {
  readonly exitCode: ExitCode;
  readonly output: string;
  readonly errors: string;
};

/** Runs a verb with these words, where nobody looks and nothing is in the environment. */
export const runVerb = async (verb: Verb, ...words: readonly string[]): Promise<VerbRun> => {
  let output = "";
  let errors = "";
  const exitCode = await runCommandLine([verb], [verb.name, ...words], {
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
    isTerminal: false,
    environment: {},
    stopped: new AbortController().signal,
  });
  return { exitCode, output, errors };
};
