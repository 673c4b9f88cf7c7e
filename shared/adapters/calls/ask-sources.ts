import type { BreakerRefusal } from "../../domain/breaker/admit-call.ts";
import { EMPTY_DIGEST, latencyQuantile } from "../../domain/breaker/latency-digest.ts";
import type { Outcome } from "../../domain/breaker/outcome.ts";
import { takeExtra } from "../../domain/breaker/extra-budget.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CallLimits } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { Leave } from "./breaker-entry.ts";
import { type CallState, noteLatency } from "./call-state.ts";
import {
  OVERTAKEN,
  type Answered,
  type CallFailure,
  type Source,
  type SourceFailure,
} from "./source.ts";

/** Asks each source at most once; the first good answer wins, and the others are aborted. */
export const askSources = <Value>(
  state: CallState,
  sources: readonly Source<Value>[],
  limits: CallLimits,
): Promise<Result<Answered<Value>, CallFailure>> =>
  new Promise((resolve, reject) => {
    const { signal } = limits;
    const round: Round<Value> = {
      state,
      sources,
      deadlineMs: limits.deadlineMs ?? Infinity,
      next: 0,
      admitting: 0,
      running: [],
      failures: [],
      isOver: false,
      callOffHedge: undefined,
      settle: (settled) => {
        callOffAbort?.();
        if (settled.type === "bug") reject(settled.error);
        else resolve(settled.result);
      },
    };
    const giveUp = (): void =>
      end(round, failed(round, "givenUp"), undefined, signal?.reason === OVERTAKEN);
    let callOffAbort: (() => void) | undefined;
    if (signal?.aborted === true) {
      giveUp();
      return;
    }
    if (signal !== undefined) callOffAbort = state.aborts.watch(signal, giveUp);
    askNext(round);
  });

/** A request that is out. */
type Running<Value> = {
  readonly source: Source<Value>;
  readonly leave: Leave;
  readonly startedAtMs: number;
  readonly abort: AbortController;
  readonly callOffTimeout: () => void;
};

type Settled<Value> =
  | { readonly type: "result"; readonly result: Result<Answered<Value>, CallFailure> }
  | { readonly type: "bug"; readonly error: unknown };

/** One round over the sources. */
type Round<Value> = {
  readonly state: CallState;
  readonly sources: readonly Source<Value>[];
  readonly deadlineMs: number;
  /** Which source is asked next. */
  next: number;
  /** Sources whose breaker has not said yet whether they may be asked. */
  admitting: number;
  /** In the order in which they were asked. */
  running: readonly Running<Value>[];
  failures: readonly SourceFailure[];
  isOver: boolean;
  callOffHedge: (() => void) | undefined;
  readonly settle: (settled: Settled<Value>) => void;
};

/**
 * Any text will do: an error of its own would cost more than the request's whole way through here.
 */
const NOT_WANTED = "Nobody waits for the answer any more.";

const askNext = <Value>(round: Round<Value>): void => {
  const source = round.sources[round.next];
  if (source === undefined) {
    const isWaiting = round.running.length > 0 || round.admitting > 0;
    if (!isWaiting) end(round, failed(round, "sources"));
    return;
  }
  round.next += 1;
  const answer = round.state.deps.breakers.admit(source.name);
  if (!(answer instanceof Promise)) {
    begin(round, source, answer);
    return;
  }
  round.admitting += 1;
  armHedge(round, source, true);
  answer.then(
    (admitted) => {
      round.admitting -= 1;
      begin(round, source, admitted);
      return undefined;
    },
    (error: unknown) => end(round, { type: "bug", error }),
  );
};

const begin = <Value>(
  round: Round<Value>,
  source: Source<Value>,
  leave: Leave | BreakerRefusal,
): void => {
  const { breakers, clock, policy } = round.state.deps;
  if (leave.type === "BreakerRefusal") {
    if (round.isOver) return;
    const failure = { source: source.name, cause: leave, latencyMs: null };
    round.failures = [...round.failures, failure];
    askNext(round);
    return;
  }
  const startedAtMs = clock.monotonicMs();
  const withinMs = Math.min(policy.timeoutMs, round.deadlineMs - startedAtMs);
  if (round.isOver || withinMs <= 0) {
    breakers.record(source.name, leave, ABANDONED);
    if (!round.isOver) end(round, failed(round, "givenUp"));
    return;
  }
  const abort = new AbortController();
  const running: Running<Value> = {
    source,
    leave,
    startedAtMs,
    abort,
    callOffTimeout: round.state.deadlines.watch(startedAtMs + withinMs, () =>
      timeOut(round, running, withinMs),
    ),
  };
  round.running = round.running.length === 0 ? [running] : [...round.running, running];
  armHedge(round, source, leave.local.lease > 0);
  source.ask({ deadlineMs: startedAtMs + withinMs, signal: abort.signal }).then(
    (result) => receive(round, running, result),
    (error: unknown) => end(round, { type: "bug", error }),
  );
};

const ABANDONED: Outcome = { type: "abandoned" };

/** Asks the next source too when this one takes longer than it usually does. */
const armHedge = <Value>(round: Round<Value>, source: Source<Value>, isProbe: boolean): void => {
  round.callOffHedge?.();
  round.callOffHedge = undefined;
  if (round.next >= round.sources.length) return;
  const { state } = round;
  const { timers, policy } = state.deps;
  const digest = state.digests.get(source.name) ?? EMPTY_DIGEST;
  const usualMs =
    digest.total < policy.hedgeSamplesMin
      ? undefined
      : latencyQuantile(digest, policy.hedgeQuantile);
  round.callOffHedge = timers.after(Math.min(policy.hedgeMaxMs, usualMs ?? Infinity), () => {
    // A probe may well hang: whoever made it is not to wait for that. Probes are few.
    const budget = isProbe ? state.hedgeBudget : takeExtra(state.hedgeBudget);
    if (budget === undefined) return;
    state.hedgeBudget = budget;
    state.hedges += 1;
    askNext(round);
  });
};

const receive = <Value>(
  round: Round<Value>,
  running: Running<Value>,
  result: Result<Value, VendorFault>,
): undefined => {
  if (round.isOver || !round.running.includes(running)) return undefined;
  const latencyMs = round.state.deps.clock.monotonicMs() - running.startedAtMs;
  if (!result.ok) {
    fail(round, running, result.error, latencyMs);
    return undefined;
  }
  leaveRound(round, running, { type: "success", durationMs: latencyMs });
  noteLatency(round.state, running.source.name, latencyMs);
  const { failures } = round;
  const answered = { value: result.value, source: running.source.name, latencyMs, failures };
  end(round, { type: "result", result: ok(answered) }, running);
  return undefined;
};

const timeOut = <Value>(round: Round<Value>, running: Running<Value>, withinMs: number): void => {
  running.abort.abort(NOT_WANTED);
  const fault: VendorFault = {
    type: "VendorFault",
    vendor: running.source.vendor,
    class: "NETWORK",
    detail: `No answer within ${Math.round(withinMs)} ms.`,
  };
  fail(round, running, fault, withinMs);
};

const fail = <Value>(
  round: Round<Value>,
  running: Running<Value>,
  cause: VendorFault,
  latencyMs: number,
): void => {
  const { policy } = round.state.deps;
  const wasFair = cause.class !== "NETWORK" || isFair(round, running, latencyMs);
  const { retryAtMs } = cause;
  const failure: Outcome = {
    type: "failure",
    durationMs: latencyMs,
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
  };
  leaveRound(round, running, wasFair ? failure : ABANDONED);
  if (latencyMs >= policy.timeoutMs) noteLatency(round.state, running.source.name, latencyMs);
  round.failures = [...round.failures, { source: running.source.name, cause, latencyMs }];
  // A hedge that is already out is the next source; its own hedge follows where it is slow too.
  if (round.running.length === 0 && round.admitting === 0) askNext(round);
};

/** Whether a silent source had its time, or the caller's deadline came first. */
const isFair = <Value>(
  { deadlineMs, state }: Round<Value>,
  { startedAtMs }: Running<Value>,
  latencyMs: number,
): boolean => {
  const { policy } = state.deps;
  return latencyMs >= policy.fairMs || startedAtMs + latencyMs < deadlineMs;
};

/** Takes a request out of the round, and tells its breaker what came of it. */
const leaveRound = <Value>(
  round: Round<Value>,
  running: Running<Value>,
  outcome: Outcome,
): void => {
  running.callOffTimeout();
  round.running = round.running.length === 1 ? [] : round.running.filter((one) => one !== running);
  round.state.deps.breakers.record(running.source.name, running.leave, outcome);
};

/**
 * Ends the round: what still runs is aborted, and was overtaken if it was asked before the winner.
 */
const end = <Value>(
  round: Round<Value>,
  settled: Settled<Value>,
  winner?: Running<Value>,
  wereAllOvertaken = false,
): void => {
  if (round.isOver) return;
  round.isOver = true;
  round.callOffHedge?.();
  for (const running of round.running) {
    const durationMs = round.state.deps.clock.monotonicMs() - running.startedAtMs;
    const isOvertaken =
      wereAllOvertaken || (winner !== undefined && running.startedAtMs < winner.startedAtMs);
    leaveRound(round, running, isOvertaken ? { type: "overtaken", durationMs } : ABANDONED);
    if (isOvertaken) noteLatency(round.state, running.source.name, durationMs);
    running.abort.abort(NOT_WANTED);
  }
  round.settle(settled);
};

const failed = <Value>(
  { failures }: Round<Value>,
  because: CallFailure["because"],
): Settled<Value> => ({
  type: "result",
  result: err({ type: "CallFailure", because, failures }),
});
