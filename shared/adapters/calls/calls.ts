import { earnExtra, fullBudget, takeExtra } from "../../domain/breaker/extra-budget.ts";
import { EMPTY_DIGEST, latencyQuantile } from "../../domain/breaker/latency-digest.ts";
import type { Result } from "../../domain/result.ts";
import type { CallLimits } from "../../ports/market-data.ts";
import type { Timers } from "../../ports/timers.ts";
import { isTransient } from "../../ports/vendor-fault.ts";
import { createAbortWatch } from "./abort-watch.ts";
import { askSources } from "./ask-sources.ts";
import type { CallsDeps, CallState } from "./call-state.ts";
import { createDeadlines } from "./deadlines.ts";
import type { Answered, CallFailure, Source, SourceFailure } from "./source.ts";

/** Reads from the outside: the only layer that tries again. */
export type Calls = {
  /**
   * The first good answer of the sources, in their order: the next one is asked when the one before
   * failed, was refused by its breaker, or takes longer than it usually does. Never rejects, but
   * for a bug.
   */
  readonly read: <Value>(
    sources: readonly Source<Value>[],
    limits?: CallLimits,
  ) => Promise<Result<Answered<Value>, CallFailure>>;
  /**
   * The latency that this share of a source's calls stays under; `undefined` if it has none yet.
   */
  readonly latencyMs: (source: string, share: number) => number | undefined;
  /** Requests so far: first ones, hedges, and those of later rounds. */
  readonly counts: () => CallCounts;
};

/** How many requests were made, and why. */
export type CallCounts = {
  readonly calls: number;
  readonly hedges: number;
  readonly retries: number;
};

/**
 * Time-outs, breakers, hedging and retries in one layer, so that none of them multiplies another:
 * a round asks each source at most once, and rounds are at most `attemptsMax`.
 */
export const createCalls = (deps: CallsDeps): Calls => {
  const { policy } = deps;
  const state: CallState = {
    deps,
    deadlines: createDeadlines(deps),
    aborts: createAbortWatch(),
    digests: new Map(),
    hedgeBudget: fullBudget(policy.hedgeBudget),
    retryBudget: fullBudget(policy.retryBudget),
    hedges: 0,
    retries: 0,
    calls: 0,
  };
  return {
    read: (sources, limits = {}) => readInRounds(state, sources, limits),
    latencyMs: (source, share) => latencyQuantile(state.digests.get(source) ?? EMPTY_DIGEST, share),
    counts: () => ({ calls: state.calls, hedges: state.hedges, retries: state.retries }),
  };
};

const readInRounds = async <Value>(
  state: CallState,
  sources: readonly Source<Value>[],
  limits: CallLimits,
): Promise<Result<Answered<Value>, CallFailure>> => {
  const { policy } = state.deps;
  state.calls += 1;
  state.hedgeBudget = earnExtra(state.hedgeBudget, policy.hedgeBudget);
  state.retryBudget = earnExtra(state.retryBudget, policy.retryBudget);
  for (let attempt = 1; ; attempt++) {
    const round = await askSources(state, sources, limits);
    if (round.ok || attempt >= policy.attemptsMax) return round;
    const waitMs = retryAfter(state, round.error, attempt, limits);
    const budget = waitMs === undefined ? undefined : takeExtra(state.retryBudget);
    if (waitMs === undefined || budget === undefined) return round;
    state.retryBudget = budget;
    state.retries += 1;
    await sleep(state.deps.timers, waitMs, limits.signal);
    if (limits.signal?.aborted === true) return round;
  }
};

/** How long to wait for the next round; `undefined`: there is to be none. */
const retryAfter = (
  { deps: { policy, clock, random } }: CallState,
  failure: CallFailure,
  attempt: number,
  limits: CallLimits,
): number | undefined => {
  if (failure.because === "givenUp" || !failure.failures.some(isWorthAnotherTry)) return undefined;
  const mostMs = Math.min(policy.retryMaxMs, policy.retryFirstMs * 2 ** (attempt - 1));
  const askedMs = Math.min(...failure.failures.map((one) => askedWaitMs(one, clock.nowMs())));
  const waitMs = Math.max(random.next() * mostMs, askedMs);
  // A vendor that asks for more than a retry would ever wait is left alone.
  if (waitMs > policy.retryMaxMs) return undefined;
  const isInTime = clock.monotonicMs() + waitMs < (limits.deadlineMs ?? Infinity);
  return isInTime ? waitMs : undefined;
};

const isWorthAnotherTry = ({ cause }: SourceFailure): boolean =>
  cause.type === "VendorFault" && isTransient(cause);

/** When the soonest source may be asked again, by its own word or its breaker's. */
const askedWaitMs = ({ cause }: SourceFailure, nowMs: number): number =>
  cause.retryAtMs === undefined ? 0 : Math.max(0, cause.retryAtMs - nowMs);

const sleep = (timers: Timers, ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      callOff();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const callOff = timers.after(ms, end);
    signal?.addEventListener("abort", end, { once: true });
  });
