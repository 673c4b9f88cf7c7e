// oxlint-disable-next-line import/no-named-as-default -- its types know the default export alone.
import middy from "@middy/core";
import type { Clock } from "../ports/clock.ts";
import { AssertionFault } from "../domain/assert.ts";
import { EpochConflict, RetryableError, TerminalError } from "../domain/fault.ts";
import type { Log } from "./log.ts";
import type { FunctionMetrics } from "./metrics.ts";

/** What every function is run with; the worlds differ in it. */
export type Runtime = {
  readonly log: Log;
  readonly metrics: FunctionMetrics;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Looks after the environment behind each invocation; absent where one invocation has none. */
  readonly tendEnvironment?: (() => Promise<void>) | undefined;
};

/** What Lambda says of an invocation, as far as it is used; the local worlds say the same. */
export type InvocationContext = {
  readonly awsRequestId: string;
  /** Milliseconds until the function's time-out. */
  readonly getRemainingTimeInMillis: () => number;
};

/** How long an invocation may still run. */
export type Deadline = { readonly remainingMs: () => number };

/** A function as Lambda calls it. */
export type FunctionHandler<Event, Answer> = (
  event: Event,
  context: InvocationContext,
) => Promise<Answer>;

/**
 * What a thrown thing means: `retry` may be cured by another try, `terminal` will not be, `bug` is
 * an assertion of ours that did not hold. What nobody classified is tried again, a bounded number
 * of times, because that is safe for everything that Holdfast does.
 */
export type FaultKind = "retry" | "terminal" | "bug";

/** The one place that tells kinds of faults apart. */
export const faultKindOf = (error: unknown): FaultKind => {
  if (error instanceof TerminalError) return "terminal";
  if (error instanceof AssertionFault) return "bug";
  return "retry";
};

/** Whether the fault was thrown on purpose, so that its message is a sentence fit for logs. */
export const describeFault = (error: unknown): string => {
  const isOurs =
    error instanceof TerminalError ||
    error instanceof RetryableError ||
    error instanceof AssertionFault;
  if (isOurs) return `${error.name}: ${error.message}`;
  // A stranger's message may quote what it was given; its name is safe.
  return error instanceof Error ? `${error.name} (not classified)` : "Something was thrown.";
};

/** Counts a write that another Region's takeover refused: one is a page. */
export const countConflict = (metrics: FunctionMetrics, error: unknown): void => {
  if (error instanceof EpochConflict) metrics.add("epochConflict", "Count", 1);
};

/** Wraps a function's work: times it, counts it, and logs a fault once before it goes on. */
export const createInvocation = <Event, Answer>(
  name: string,
  runtime: Runtime,
  work: (event: Event, context: InvocationContext) => Promise<Answer>,
): FunctionHandler<Event, Answer> => {
  const { log, metrics, clock } = runtime;
  const observed = async (event: Event, context: InvocationContext): Promise<Answer> => {
    const startedAtMs = clock.monotonicMs();
    try {
      return await work(event, context);
    } finally {
      metrics.add("duration", "Milliseconds", clock.monotonicMs() - startedAtMs);
      // The last thing that waits for anything: an environment that ends does so behind its answer.
      await tend(runtime, name);
    }
  };
  // Deadlines are ours: a time-out by middy would abandon work that may have reached the broker.
  const wrapped = middy(observed, { timeoutEarlyInMillis: 0 })
    .after(() => {
      metrics.add("success", "Count", 1);
      metrics.flush();
    })
    .onError(({ error, context }) => {
      const kind = faultKindOf(error);
      metrics.add("fault", "Count", 1);
      countConflict(metrics, error);
      metrics.flush();
      log.write("error", `${name} failed: ${describeFault(error)}`, {
        kind,
        requestId: context.awsRequestId,
        stack: kind === "bug" && error instanceof Error ? error.stack : undefined,
      });
    });
  return (event, context) => wrapped(event, context);
};

/** What looks after the environment is never a reason for work that was done to count as failed. */
const tend = async ({ tendEnvironment, log }: Runtime, name: string): Promise<void> => {
  try {
    await tendEnvironment?.();
  } catch (error) {
    log.write("warn", `${name} could not look after its environment: ${describeFault(error)}`, {});
  }
};
