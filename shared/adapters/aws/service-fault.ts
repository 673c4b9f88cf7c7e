import { AssertionFault } from "../../domain/assert.ts";
import { RetryableError, TerminalError } from "../../domain/fault.ts";

/** Refusals of the request itself, which no repetition cures. */
const REFUSALS: ReadonlySet<string> = new Set([
  "ValidationException",
  "SerializationException",
  "ItemCollectionSizeLimitExceededException",
  "InvalidMessageContents",
  "BatchRequestTooLong",
]);

/**
 * Turns what an AWS client threw into a fault: throttling, time-outs, lost connections, 5xx,
 * missing permissions and replication conflicts may pass; a malformed request never does. A fault
 * or a bug of our own stays what it is.
 */
export const serviceFault = (service: string, error: unknown): Error => {
  if (error instanceof RetryableError || error instanceof TerminalError) return error;
  if (error instanceof AssertionFault) return error;
  const name = errorName(error);
  return REFUSALS.has(name)
    ? new TerminalError(`${service} refused a request: ${name}.`, { cause: error })
    : new RetryableError(`${service} did not answer: ${name}.`, { cause: error });
};

/** The name of an error, which is safe to log; its message may quote the request. */
export const errorName = (error: unknown): string =>
  error instanceof Error ? error.name : "UnknownError";
