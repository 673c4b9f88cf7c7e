/** Where a poller reads, and the host it runs on; the browser's in production. */
export type PollDeps = {
  /** Resolves to the body of a good answer and throws for every other. */
  readonly read: (path: string, signal: AbortSignal) => Promise<unknown>;
  readonly after: (delayMs: number, act: () => void) => () => void;
  /** Milliseconds that never go back. */
  readonly nowMs: () => number;
};

/** What is known of one address: its last good body, and what went wrong since, if anything. */
export type Reading = {
  readonly body: unknown;
  /** Of the poller's clock; null before the first good answer. */
  readonly readAtMs: number | null;
  readonly failure: string | null;
};

/** Everything that was read, and how the connection is. */
export type Polled = {
  readonly readings: Readonly<Record<string, Reading>>;
  readonly connection: "connecting" | "live" | "lost";
  /** When the last round began in which every address answered; null before the first. */
  readonly wholeAtMs: number | null;
};

const EVERY_MS = 1_500;
const BACKOFF_MAX_MS = 15_000;
const TIMEOUT_MS = 5_000;

/**
 * Reads all addresses again and again and reports each round. A failed round keeps the last
 * bodies, says so, and doubles the pause up to 15 s. Returns how to stop.
 */
export const startPolling = (
  paths: readonly string[],
  deps: PollDeps,
  report: (polled: Polled) => void,
): (() => void) => {
  let readings: Readonly<Record<string, Reading>> = Object.fromEntries(
    paths.map((path) => [path, { body: undefined, readAtMs: null, failure: null }]),
  );
  let wholeAtMs: number | null = null;
  let failures = 0;
  let isStopped = false;
  let cancel: (() => void) | undefined;

  const round = async (): Promise<void> => {
    const startedAtMs = deps.nowMs();
    const abort = new AbortController();
    const cancelTimeout = deps.after(TIMEOUT_MS, () => abort.abort());
    const entries = await Promise.all(
      paths.map(async (path) => [path, await readOne(path, readings[path], deps, abort.signal)]),
    );
    cancelTimeout();
    if (isStopped) return;
    readings = Object.fromEntries(entries) as typeof readings;
    const isWhole = Object.values(readings).every(({ failure }) => failure === null);
    if (isWhole) wholeAtMs = startedAtMs;
    failures = isWhole ? 0 : failures + 1;
    report({ readings, connection: isWhole ? "live" : "lost", wholeAtMs });
    cancel = deps.after(pauseAfter(failures), () => void round());
  };
  report({ readings, connection: "connecting", wholeAtMs });
  void round();
  return () => {
    isStopped = true;
    cancel?.();
  };
};

/** The pause before the next round after so many failed ones in a row, milliseconds. */
export const pauseAfter = (failures: number): number =>
  Math.min(BACKOFF_MAX_MS, EVERY_MS * 2 ** Math.min(failures, 10));

const readOne = async (
  path: string,
  before: Reading | undefined,
  deps: PollDeps,
  signal: AbortSignal,
): Promise<Reading> => {
  try {
    const body = await deps.read(path, signal);
    return { body, readAtMs: deps.nowMs(), failure: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : "The request failed.";
    return { body: before?.body, readAtMs: before?.readAtMs ?? null, failure };
  }
};
