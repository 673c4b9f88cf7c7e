import { RetryableError } from "../../domain/fault.ts";
import { err, type Result } from "../../domain/result.ts";
import type { LedgerUnavailable } from "../../ports/ledger.ts";

/** Turns a store that does not answer into the refusal that stops orders. */
export const unlessUnavailable = async <Answer>(
  work: () => Promise<Answer>,
): Promise<Answer | Result<never, LedgerUnavailable>> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return err({ type: "LedgerUnavailable", detail: error.message });
  }
};
