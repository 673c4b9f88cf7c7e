import {
  addLatency,
  EMPTY_DIGEST,
  type LatencyDigest,
} from "../../domain/breaker/latency-digest.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { AbortWatch } from "./abort-watch.ts";
import type { Breakers } from "./breakers.ts";
import type { CallPolicy } from "./call-policy.ts";
import type { Deadlines } from "./deadlines.ts";

/** What calling needs; all of them of one environment. */
export type CallsDeps = {
  readonly breakers: Pick<Breakers, "admit" | "record">;
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly timers: Timers;
  readonly policy: CallPolicy;
};

/** What the calls of an environment share. */
export type CallState = {
  readonly deps: CallsDeps;
  readonly deadlines: Deadlines;
  readonly aborts: AbortWatch;
  /** At most one a source. */
  readonly digests: Map<string, LatencyDigest>;
};

/** Notes how long a source took, or was waited for. */
export const noteLatency = ({ digests }: CallState, source: string, ms: number): void => {
  digests.set(source, addLatency(digests.get(source) ?? EMPTY_DIGEST, ms));
};
