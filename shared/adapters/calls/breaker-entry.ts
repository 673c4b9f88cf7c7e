import type { Permit } from "../../domain/breaker/admit-call.ts";
import { type Breaker, healthyBreaker } from "../../domain/breaker/breaker.ts";
import type { BreakerPolicy } from "../../domain/breaker/breaker-policy.ts";
import { countGoodCalls } from "../../domain/breaker/call-window.ts";
import type { Outcome } from "../../domain/breaker/outcome.ts";
import type { BreakerRecord } from "../../ports/breaker-records.ts";

/** Leave to make one call: by this environment's breaker, and by the one that is shared. */
export type Leave = {
  readonly type: "Leave";
  readonly local: Permit;
  readonly shared: Permit;
};

/** What the shared breaker has yet to be told. */
export type Evidence = {
  readonly permit: Permit;
  readonly outcome: Outcome;
  readonly atMs: number;
  readonly chance: number;
};

/** What one environment knows of one breaker. */
export type BreakerEntry = {
  readonly name: string;
  /** Decides here: the shared breaker as it was last adopted, and what happened here since. */
  local: Breaker;
  /** The generation of the shared breaker that was adopted last. */
  adopted: number;
  /** The shared record as it was last seen. */
  seen: BreakerRecord | undefined;
  /** How often a record was taken over: what was read before the last time may be old. */
  adoptions: number;
  /** Oldest first, at most `EVIDENCE_MAX`. */
  evidence: readonly Evidence[];
  /** Calls that went well before the first piece of evidence: rates need them. */
  callsBefore: number;
  /** Calls that went well and that the window has not counted yet, and when the first one ended. */
  goodCalls: number;
  goodSinceMs: number;
  /** What every call is given while nothing is wrong; made once a generation. */
  leave: Leave;
  readonly counts: BreakerCounts;
};

/** Since the environment began. */
export type BreakerCounts = {
  admitted: number;
  refused: number;
  succeeded: number;
  failed: number;
  overtaken: number;
};

/** More evidence than that says nothing new. */
export const EVIDENCE_MAX = 64;

/** So many good calls are counted at once at the latest. */
export const GOOD_CALLS_MAX = 64;

/** An entry of a breaker that nothing is known of. */
export const newEntry = (name: string, nowMs: number): BreakerEntry => ({
  name,
  local: healthyBreaker(nowMs),
  adopted: 0,
  seen: undefined,
  adoptions: 0,
  evidence: [],
  callsBefore: 0,
  goodCalls: 0,
  goodSinceMs: 0,
  leave: leaveOf(0, 0),
  counts: { admitted: 0, refused: 0, succeeded: 0, failed: 0, overtaken: 0 },
});

/** Leave that is no probe. */
export const leaveOf = (localGeneration: number, sharedGeneration: number): Leave => ({
  type: "Leave",
  local: { generation: localGeneration, lease: 0 },
  shared: { generation: sharedGeneration, lease: 0 },
});

/**
 * Whether a call that went well changes nothing but the window's count, so that it may wait: the
 * clock and the window cost more than all the rest of a good call.
 */
export const isJustAnother = ({ local, seen }: BreakerEntry): boolean =>
  local.state === "closed" &&
  local.failuresInARow === 0 &&
  local.rampUntilMs === 0 &&
  !isTroubled(seen);

/** Counts the good calls that waited, as of the first of them: rates err towards opening. */
export const countWaiting = (entry: BreakerEntry, policy: BreakerPolicy): void => {
  const { local, goodCalls, goodSinceMs } = entry;
  if (goodCalls === 0) return;
  entry.goodCalls = 0;
  if (local.state !== "closed" || policy.windowMs === 0) return;
  const window = countGoodCalls(local.window, goodCalls, goodSinceMs, policy);
  entry.local = { ...local, window };
};

/** Whether the shared breaker wants to hear of successes too. */
export const isTroubled = (record: BreakerRecord | undefined): boolean =>
  record !== undefined && (record.breaker.state !== "closed" || record.breaker.failuresInARow > 0);

/**
 * Takes over what the others decided: a new generation of the shared breaker replaces the one here
 * under a new number, so that what is still on its way here says nothing about it. `adoptions` is
 * the entry's count when the store was asked: an answer that was overtaken by a newer one is left
 * alone. A smaller version by itself is not old: a record that ended begins again at 1.
 */
export const adoptRecord = (
  entry: BreakerEntry,
  record: BreakerRecord,
  adoptions: number,
): void => {
  const { seen } = entry;
  if (seen !== undefined && entry.adoptions > adoptions && record.version < seen.version) return;
  entry.adoptions += 1;
  entry.seen = record;
  const { breaker } = record;
  // Calls of the generation before are none of the new one's.
  if (breaker.generation !== entry.adopted) entry.goodCalls = 0;
  if (breaker.generation !== entry.adopted) {
    entry.adopted = breaker.generation;
    entry.local = { ...breaker, generation: entry.local.generation + 1 };
    return;
  }
  // Of the same generation, only who has which lease is news.
  if (breaker.state === "halfOpen" && entry.local.state === "halfOpen") {
    entry.local = { ...breaker, generation: entry.local.generation };
  }
};
