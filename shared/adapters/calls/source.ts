import type { BreakerRefusal } from "../../domain/breaker/admit-call.ts";
import type { Result } from "../../domain/result.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";

/** A caller who asked somebody else meanwhile aborts with this: the source was too slow for it. */
export const OVERTAKEN = "overtaken";

/**
 * How long one request may take: monotonic milliseconds, and the word that nobody waits any more.
 */
export type AskLimits = { readonly deadlineMs: number; readonly signal: AbortSignal };

/** Somebody who can answer; reads only, so that asking twice does no harm. */
export type Source<Value> = {
  readonly vendor: string;
  /** Its breaker's name: `<vendor>.<operation>`. */
  readonly name: string;
  /** Never rejects; a rejection is a bug, and is passed on. */
  readonly ask: (limits: AskLimits) => Promise<Result<Value, VendorFault>>;
};

/** The source did not answer; `cause` is that of the last attempt. */
export type CallFailure =
  | {
      readonly type: "CallFailure";
      /** It failed, or its breaker refused it. */
      readonly because: "source";
      readonly cause: VendorFault | BreakerRefusal;
    }
  | {
      readonly type: "CallFailure";
      /** The caller does not wait any longer, or its deadline is over. */
      readonly because: "givenUp";
    };
