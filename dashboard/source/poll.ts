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
  /** `partial`: some addresses answer; `lost`: none does. */
  readonly connection: "connecting" | "live" | "partial" | "lost";
  /** When the last round began in which any address answered; null before the first. */
  readonly heardAtMs: number | null;
};

const EVERY_MS = 1_500;
const BACKOFF_MAX_MS = 15_000;
const TIMEOUT_MS = 5_000;

/**
 * Reads all addresses again and again and reports each round. What fails keeps its last body and
 * says so; a round in which nothing answers doubles the pause up to 15 s. Returns how to stop.
 */
export const startPolling = (
  paths: readonly string[],
  deps: PollDeps,
  report: (polled: Polled) => void,
): (() => void) => {
  let readings: Readonly<Record<string, Reading>> = Object.fromEntries(
    paths.map((path) => [path, { body: undefined, readAtMs: null, failure: null }]),
  );
  let heardAtMs: number | null = null;
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
    const failed = Object.values(readings).filter(({ failure }) => failure !== null).length;
    const isLost = failed === paths.length;
    if (!isLost) heardAtMs = startedAtMs;
    failures = isLost ? failures + 1 : 0;
    report({ readings, connection: isLost ? "lost" : failed > 0 ? "partial" : "live", heardAtMs });
    cancel = deps.after(pauseAfter(failures), () => void round());
  };
  report({ readings, connection: "connecting", heardAtMs });
  void round();
  return () => {
    isStopped = true;
    cancel?.();
  };
};

/** The pause before the next round after so many lost ones in a row, milliseconds. */
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
