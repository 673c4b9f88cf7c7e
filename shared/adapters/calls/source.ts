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

/** Why a source brought no answer. */
export type SourceFailure = {
  readonly source: string;
  readonly cause: VendorFault | BreakerRefusal;
  /** How long it was asked; null where it was not. */
  readonly latencyMs: number | null;
};

/** The first good answer. */
export type Answered<Value> = {
  readonly value: Value;
  readonly source: string;
  readonly latencyMs: number;
  /** Sources that failed or were refused on the way, in the order in which they did. */
  readonly failures: readonly SourceFailure[];
};

/** No source answered; the failures are those of the last round. */
export type CallFailure = {
  readonly type: "CallFailure";
  /** `sources`: each one failed or was refused; `givenUp`: the caller or its deadline. */
  readonly because: "sources" | "givenUp";
  readonly failures: readonly SourceFailure[];
};
