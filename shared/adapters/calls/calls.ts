import { earnExtra, fullBudget, takeExtra } from "../../domain/breaker/extra-budget.ts";
import { EMPTY_DIGEST, latencyQuantile } from "../../domain/breaker/latency-digest.ts";
import type { Result } from "../../domain/result.ts";
import type { CallLimits } from "../../ports/market-data.ts";
import type { Timers } from "../../ports/timers.ts";
import { isTransient } from "../../ports/vendor-fault.ts";
import { createAbortWatch } from "./abort-watch.ts";
import { askSource } from "./ask-source.ts";
import type { CallsDeps, CallState } from "./call-state.ts";
import { createDeadlines } from "./deadlines.ts";
import type { CallFailure, Source } from "./source.ts";

/** Reads from the outside: the only layer that tries again. */
export type Calls = {
  /** What the source answers, within bounded time and attempts. Never rejects, but for a bug. */
  readonly read: <Value>(
    source: Source<Value>,
    limits?: CallLimits,
  ) => Promise<Result<Value, CallFailure>>;
  /**
   * The latency that this share of a source's calls stays under; `undefined` if it has none yet.
   */
  readonly latencyMs: (source: string, share: number) => number | undefined;
};

/**
 * Time-outs, breakers and retries in one layer, so that none of them multiplies another. Who asks
 * another source instead, or beside it, does so above this and retries nothing here.
 */
export const createCalls = (deps: CallsDeps): Calls => {
  const { policy } = deps;
  const state: CallState = {
    deps,
    deadlines: createDeadlines(deps),
    aborts: createAbortWatch(),
    digests: new Map(),
    retryBudget: fullBudget(policy.retryBudget),
  };
  return {
    read: (source, limits = {}) => readWithRetries(state, source, limits),
    latencyMs: (source, share) => latencyQuantile(state.digests.get(source) ?? EMPTY_DIGEST, share),
  };
};

const readWithRetries = async <Value>(
  state: CallState,
  source: Source<Value>,
  limits: CallLimits,
): Promise<Result<Value, CallFailure>> => {
  const { policy } = state.deps;
  state.retryBudget = earnExtra(state.retryBudget, policy.retryBudget);
  for (let attempt = 1; ; attempt++) {
    const answer = await askSource(state, source, limits);
    if (answer.ok || attempt >= policy.attemptsMax) return answer;
    const waitMs = retryAfter(state, answer.error, attempt, limits);
    const budget = waitMs === undefined ? undefined : takeExtra(state.retryBudget);
    if (waitMs === undefined || budget === undefined) return answer;
    state.retryBudget = budget;
    await sleep(state.deps.timers, waitMs, limits.signal);
    if (limits.signal?.aborted === true) return answer;
  }
};

/** How long to wait before the next attempt; `undefined`: there is to be none. */
const retryAfter = (
  { deps: { policy, clock, random } }: CallState,
  failure: CallFailure,
  attempt: number,
  limits: CallLimits,
): number | undefined => {
  if (failure.because === "givenUp") return undefined;
  const { cause } = failure;
  if (cause.type !== "VendorFault" || !isTransient(cause)) return undefined;
  const mostMs = Math.min(policy.retryMaxMs, policy.retryFirstMs * 2 ** (attempt - 1));
  const askedMs = Math.max(0, (cause.retryAtMs ?? 0) - clock.nowMs());
  const waitMs = Math.max(random.next() * mostMs, askedMs);
  // A vendor that asks for more than a retry would ever wait is left alone.
  if (waitMs > policy.retryMaxMs) return undefined;
  const isInTime = clock.monotonicMs() + waitMs < (limits.deadlineMs ?? Infinity);
  return isInTime ? waitMs : undefined;
};

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
