import type { BreakerRefusal } from "../../domain/breaker/admit-call.ts";
import type { Outcome } from "../../domain/breaker/outcome.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { CallLimits } from "../../ports/market-data.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { Leave } from "./breaker-entry.ts";
import { type CallState, noteLatency } from "./call-state.ts";
import { OVERTAKEN, type CallFailure, type Source } from "./source.ts";

/** Asks a source once, if its breaker lets it, until its time is over or nobody waits any more. */
export const askSource = <Value>(
  state: CallState,
  source: Source<Value>,
  limits: CallLimits,
): Promise<Result<Value, CallFailure>> =>
  new Promise((resolve, reject) => {
    const { signal } = limits;
    const call: Call<Value> = {
      state,
      source,
      deadlineMs: limits.deadlineMs ?? Infinity,
      running: undefined,
      isOver: false,
      settle: (settled) => {
        callOffAbort?.();
        if (settled.type === "bug") reject(settled.error);
        else resolve(settled.result);
      },
    };
    const giveUp = (): void => end(call, GIVEN_UP, signal?.reason === OVERTAKEN);
    let callOffAbort: (() => void) | undefined;
    if (signal?.aborted === true) {
      giveUp();
      return;
    }
    if (signal !== undefined) callOffAbort = state.aborts.watch(signal, giveUp);
    admit(call);
  });

/** A request that is out. */
type Running = {
  readonly leave: Leave;
  readonly startedAtMs: number;
  readonly abort: AbortController;
  readonly callOffTimeout: () => void;
};

type Settled<Value> =
  | { readonly type: "result"; readonly result: Result<Value, CallFailure> }
  | { readonly type: "bug"; readonly error: unknown };

type Call<Value> = {
  readonly state: CallState;
  readonly source: Source<Value>;
  readonly deadlineMs: number;
  running: Running | undefined;
  isOver: boolean;
  readonly settle: (settled: Settled<Value>) => void;
};

/**
 * Any text will do: an error of its own would cost more than the request's whole way through here.
 */
const NOT_WANTED = "Nobody waits for the answer any more.";
const ABANDONED: Outcome = { type: "abandoned" };

const admit = <Value>(call: Call<Value>): void => {
  const answer = call.state.deps.breakers.admit(call.source.name);
  if (!(answer instanceof Promise)) {
    begin(call, answer);
    return;
  }
  answer.then(
    (admitted) => {
      begin(call, admitted);
      return undefined;
    },
    (error: unknown) => end(call, { type: "bug", error }),
  );
};

const begin = <Value>(call: Call<Value>, leave: Leave | BreakerRefusal): void => {
  const { source, state } = call;
  const { breakers, clock, policy } = state.deps;
  if (leave.type === "BreakerRefusal") {
    end(call, failed(leave));
    return;
  }
  const startedAtMs = clock.monotonicMs();
  const withinMs = Math.min(policy.timeoutMs, call.deadlineMs - startedAtMs);
  if (call.isOver || withinMs <= 0) {
    breakers.record(source.name, leave, ABANDONED);
    end(call, GIVEN_UP);
    return;
  }
  const abort = new AbortController();
  const deadlineMs = startedAtMs + withinMs;
  const callOffTimeout = state.deadlines.watch(deadlineMs, () => timeOut(call, withinMs));
  call.running = { leave, startedAtMs, abort, callOffTimeout };
  source.ask({ deadlineMs, signal: abort.signal }).then(
    (result) => receive(call, result),
    (error: unknown) => end(call, { type: "bug", error }),
  );
};

const receive = <Value>(call: Call<Value>, result: Result<Value, VendorFault>): undefined => {
  const { running, state, source } = call;
  if (running === undefined) return undefined;
  const latencyMs = state.deps.clock.monotonicMs() - running.startedAtMs;
  if (!result.ok) {
    fail(call, running, result.error, latencyMs);
    return undefined;
  }
  leave(call, running, { type: "success", durationMs: latencyMs });
  noteLatency(state, source.name, latencyMs);
  end(call, { type: "result", result: ok(result.value) });
  return undefined;
};

const timeOut = <Value>(call: Call<Value>, withinMs: number): void => {
  const { running, source } = call;
  if (running === undefined) return;
  running.abort.abort(NOT_WANTED);
  const fault: VendorFault = {
    type: "VendorFault",
    vendor: source.vendor,
    class: "NETWORK",
    detail: `No answer within ${Math.round(withinMs)} ms.`,
  };
  fail(call, running, fault, withinMs);
};

const fail = <Value>(
  call: Call<Value>,
  running: Running,
  cause: VendorFault,
  latencyMs: number,
): void => {
  const { state, source } = call;
  const { retryAtMs } = cause;
  const failure: Outcome = {
    type: "failure",
    durationMs: latencyMs,
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
  };
  const wasFair = cause.class !== "NETWORK" || isFair(call, running, latencyMs);
  leave(call, running, wasFair ? failure : ABANDONED);
  if (latencyMs >= state.deps.policy.timeoutMs) noteLatency(state, source.name, latencyMs);
  end(call, failed(cause));
};

/** Whether a silent source had its time, or the caller's deadline came first. */
const isFair = <Value>(
  { deadlineMs, state }: Call<Value>,
  { startedAtMs }: Running,
  latencyMs: number,
): boolean => latencyMs >= state.deps.policy.fairMs || startedAtMs + latencyMs < deadlineMs;

/** The request is no longer out; its breaker is told what came of it. */
const leave = <Value>(call: Call<Value>, running: Running, outcome: Outcome): void => {
  running.callOffTimeout();
  call.running = undefined;
  call.state.deps.breakers.record(call.source.name, running.leave, outcome);
};

/** Ends the call: a request that is still out is aborted, and counts as slow if it was overtaken. */
const end = <Value>(call: Call<Value>, settled: Settled<Value>, isOvertaken = false): void => {
  if (call.isOver) return;
  call.isOver = true;
  const { running, state, source } = call;
  if (running !== undefined) {
    const durationMs = state.deps.clock.monotonicMs() - running.startedAtMs;
    leave(call, running, isOvertaken ? { type: "overtaken", durationMs } : ABANDONED);
    if (isOvertaken) noteLatency(state, source.name, durationMs);
    running.abort.abort(NOT_WANTED);
  }
  call.settle(settled);
};

const because = (error: CallFailure): Settled<never> => ({ type: "result", result: err(error) });

const GIVEN_UP = because({ type: "CallFailure", because: "givenUp" });

const failed = (cause: VendorFault | BreakerRefusal): Settled<never> =>
  because({ type: "CallFailure", because: "source", cause });
