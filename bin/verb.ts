/**
 * What a verb leaves to the shell: 0 ok, 1 degraded or stopped before its end, 2 failed, 3 halted,
 * 64 wrong usage.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 64;

/** A word after the verb; a verb may have several, in order. */
export type VerbArgument = {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  /** Any text is taken where this is left out. */
  readonly choices?: readonly string[];
};

/**
 * An option of a verb, in commander's notation: `--speed <n>` takes a value, `--fresh` does not.
 */
export type VerbOption = {
  readonly flags: string;
  readonly description: string;
  /** Shown in the help and used when the option is left out. */
  readonly default?: string;
  readonly choices?: readonly string[];
};

/** What the user typed; options by their camel-case name (`--for-ever` is `forEver`). */
export type VerbInput = {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** `--json`, which every verb has: one JSON document on stdout and nothing else there. */
  readonly isJson: boolean;
};

/** The shell that a verb runs in: the only way it reads or writes anything around the process. */
export type VerbContext = {
  /** Writes text as it is; a line ends with its own newline. */
  readonly write: (text: string) => void;
  /** The same for what is no result: progress, warnings, errors. */
  readonly writeError: (text: string) => void;
  /** Whether stdout is a terminal that a person looks at. */
  readonly isTerminal: boolean;
  /** Asks the person at the terminal; absent where nobody sits at one. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted once by SIGINT or SIGTERM; the verb then ends in good order. */
  readonly stopped: AbortSignal;
};

/**
 * One word of the operator's CLI. The definition is small and loaded for `--help`; `run` imports
 * what it needs when it is called, so that help stays fast.
 */
export type Verb = {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly arguments?: readonly VerbArgument[];
  /** `--json` and `--help` are added to these. */
  readonly options?: readonly VerbOption[];
  /** What `--json` prints where it is not one document. */
  readonly json?: string;
  /** Whole command lines without `npm run holdfast --`: `positions --json`. */
  readonly examples: readonly string[];
  /** Throws `VerbFault` with a sentence for the user; anything else that it throws is a bug. */
  readonly run: (input: VerbInput, context: VerbContext) => Promise<ExitCode>;
};

/** What a verb cannot do, in one clear sentence: 64 for what was typed wrongly, 2 for the rest. */
export class VerbFault extends Error {
  override readonly name = "VerbFault";
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = 2, options?: ErrorOptions) {
    super(sentence, options);
    this.exitCode = exitCode;
  }
}

/** A value that was typed wrongly. */
export const usageFault = (sentence: string): VerbFault => new VerbFault(sentence, 64);
