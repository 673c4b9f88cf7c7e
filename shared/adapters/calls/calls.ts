import { EMPTY_DIGEST, latencyQuantile } from "../../domain/breaker/latency-digest.ts";
import type { Result } from "../../domain/result.ts";
import type { CallLimits } from "../../ports/market-data.ts";
import { createAbortWatch } from "./abort-watch.ts";
import { askSource } from "./ask-source.ts";
import type { CallsDeps, CallState } from "./call-state.ts";
import { createDeadlines } from "./deadlines.ts";
import type { CallFailure, Source } from "./source.ts";

/** Reads from the outside, each once. */
export type Calls = {
  /** What the source answers, within bounded time. Never rejects, but for a bug. */
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
 * Time-outs and breakers in one layer. Who asks another source instead or beside it, or the same
 * once more, does so above this: were there retries here, they would multiply with those.
 */
export const createCalls = (deps: CallsDeps): Calls => {
  const state: CallState = {
    deps,
    deadlines: createDeadlines(deps),
    aborts: createAbortWatch(),
    digests: new Map(),
  };
  return {
    read: (source, limits = {}) => askSource(state, source, limits),
    latencyMs: (source, share) => latencyQuantile(state.digests.get(source) ?? EMPTY_DIGEST, share),
  };
};
