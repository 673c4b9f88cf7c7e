/** Work that a trace shows, from its start to its end, epoch ms. */
export type TracedWork = {
  readonly name: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly hasFailed: boolean;
  /** What it can be found by: names of letters and digits, values without secrets. */
  readonly annotations: Readonly<Record<string, string>>;
};

/** Adds work to the trace of the invocation under way. Never throws, and waits for nothing. */
export type Trace = { readonly add: (work: TracedWork) => void };
