import { assert } from "../../domain/assert.ts";
import {
  type MarketConditions,
  adaptPolicy,
  type BreakerKind,
  CALM,
  type MarketMood,
  nextMood,
} from "../../domain/breaker/adapt-policy.ts";
import {
  admitCall,
  type BreakerRefusal,
  type CallRequest,
  letsAllThrough,
} from "../../domain/breaker/admit-call.ts";
import { afterCall } from "../../domain/breaker/after-call.ts";
import type { Breaker } from "../../domain/breaker/breaker.ts";
import type { BreakerPolicy } from "../../domain/breaker/breaker-policy.ts";
import { windowRates } from "../../domain/breaker/call-window.ts";
import { isSlow, type Outcome } from "../../domain/breaker/outcome.ts";
import { type BreakerStatistics, statisticsOf } from "../../domain/breaker/statistics.ts";
import { type BreakerTransition, transitionOf } from "../../domain/breaker/transition.ts";
import type { BreakerRecords } from "../../ports/breaker-records.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import {
  adoptRecord,
  type BreakerEntry,
  countWaiting,
  EVIDENCE_MAX,
  GOOD_CALLS_MAX,
  isJustAnother,
  isTroubled,
  type Leave,
  leaveOf,
  newEntry,
} from "./breaker-entry.ts";
import { leaseProbe, shareEvidence, type ShareDeps } from "./share-evidence.ts";
import { within } from "./within.ts";

/** A change of state; `local` is what one environment decided by itself. */
export type BreakerEvent = BreakerTransition & { readonly scope: "local" | "shared" };

/** What breakers need. */
export type BreakersDeps = {
  readonly clock: Clock;
  readonly random: Pick<Random, "next">;
  readonly timers: Timers;
  /** Absent: every environment decides by itself. */
  readonly records?: BreakerRecords;
  readonly policy: BreakerPolicy;
  readonly kind: BreakerKind;
  /** Called for every change of state, in order; it alerts. */
  readonly onTransition: (event: BreakerEvent) => void;
};

/** All breakers of one environment, by name. */
export type Breakers = {
  /** Whether a call may be made now; a promise only where a shared place for a probe is taken. */
  readonly admit: (name: string) => Leave | BreakerRefusal | Promise<Leave | BreakerRefusal>;
  /** Whether every call is admitted now, as far as is known here; nothing is decided by it. */
  readonly letsAllThrough: (name: string) => boolean;
  /** What came of a call that was admitted. */
  readonly record: (name: string, leave: Leave, outcome: Outcome) => void;
  /** Looks what other environments decided, unless it did a moment ago. Never throws or hangs. */
  readonly refresh: () => Promise<void>;
  /**
   * Tells the others what went wrong here; writes nothing while all is well. Never throws or hangs.
   */
  readonly flush: () => Promise<void>;
  /** The market's mood loosens or tightens the policy within its bounds (E2). */
  readonly observeMarket: (conditions: MarketConditions) => void;
  readonly statistics: () => readonly BreakerStatistics[];
};

const REFRESH_MS = 5_000;
/** The store is asked beside the way of the data, and given up before anybody waits for it. */
const REFRESH_WAIT_MS = 100;
const LEASE_WAIT_MS = 100;
const FLUSH_WAIT_MS = 500;

/** What one environment has: its breakers, and the policy of the market's mood. */
type Board = {
  readonly deps: BreakersDeps;
  readonly entries: Map<string, BreakerEntry>;
  mood: MarketMood;
  policy: BreakerPolicy;
  /** Monotonic. */
  readAtMs: number;
};

/**
 * Breakers of one environment that share what they know. A call of a vendor that is well costs no
 * input or output and writes nothing. While the store does not answer, each environment decides by
 * what it knows itself; then as many as `probesMax` probes of each environment may be out at once,
 * else as many of all environments of a Region together.
 */
export const createBreakers = (deps: BreakersDeps): Breakers => {
  const { probesMax, successesToClose } = deps.policy;
  assert(successesToClose <= probesMax, "A breaker must be able to close by its own probes.");
  const entries = new Map<string, BreakerEntry>();
  const board: Board = { deps, entries, mood: CALM, policy: deps.policy, readAtMs: -Infinity };
  return {
    admit: (name) => admit(board, entryOf(board, name)),
    letsAllThrough: (name) => {
      const { local, seen } = entryOf(board, name);
      return letsAllThrough(local) && (seen === undefined || seen.breaker.state === "closed");
    },
    record: (name, leave, outcome) => record(board, entryOf(board, name), leave, outcome),
    refresh: () => refresh(board),
    flush: () => flush(board),
    observeMarket: (conditions) => {
      board.mood = nextMood(board.mood, conditions, deps.clock.nowMs());
      board.policy = adaptPolicy(deps.policy, board.mood, deps.kind);
    },
    statistics: () =>
      [...entries.values()].map((entry) => {
        countWaiting(entry, board.policy);
        const { name, local, seen, counts } = entry;
        const known = { name, breaker: local, shared: seen?.breaker, counts };
        return statisticsOf(known, deps.clock.nowMs(), board.policy);
      }),
  };
};

const entryOf = ({ deps, entries }: Board, name: string): BreakerEntry => {
  const known = entries.get(name);
  if (known !== undefined) return known;
  const entry = newEntry(name, deps.clock.nowMs());
  entries.set(name, entry);
  return entry;
};

const admit = (
  board: Board,
  entry: BreakerEntry,
): Leave | BreakerRefusal | Promise<Leave | BreakerRefusal> => {
  if (letsAllThrough(entry.local)) {
    entry.counts.admitted += 1;
    return currentLeave(entry);
  }
  const { clock, records } = board.deps;
  return records !== undefined && isProbeDue(entry, clock.nowMs())
    ? admitShared(board, entry, records)
    : admitHere(board, entry);
};

const requestNow = ({ clock, random }: BreakersDeps): CallRequest => ({
  nowMs: clock.nowMs(),
  chance: random.next(),
  isSafeRead: true,
});

const admitHere = (board: Board, entry: BreakerEntry): Leave | BreakerRefusal => {
  const admission = admitCall(entry.local, requestNow(board.deps), board.policy);
  become(board, entry, admission.breaker);
  if (!admission.admitted) {
    entry.counts.refused += 1;
    return admission.refusal;
  }
  entry.counts.admitted += 1;
  // A probe that only this environment knows of has no place among the shared ones.
  const shared = { generation: entry.adopted, lease: 0 };
  return { type: "Leave", local: admission.permit, shared };
};

const admitShared = async (
  board: Board,
  entry: BreakerEntry,
  records: BreakerRecords,
): Promise<Leave | BreakerRefusal> => {
  const leasing = leaseProbe(entry, requestNow(board.deps), shareDeps(board, records));
  const answer = await within(board.deps.timers, LEASE_WAIT_MS, leasing);
  if (answer === undefined) return admitHere(board, entry);
  if (answer.type === "Leave") entry.counts.admitted += 1;
  else entry.counts.refused += 1;
  return answer;
};

const record = (board: Board, entry: BreakerEntry, leave: Leave, outcome: Outcome): void => {
  const { deps, policy } = board;
  const isWell = outcome.type === "success" && !isSlow(outcome, policy.slowMs);
  if (isWell && leave === entry.leave && isJustAnother(entry)) {
    entry.counts.succeeded += 1;
    if (entry.goodCalls === 0) entry.goodSinceMs = deps.clock.nowMs();
    entry.goodCalls += 1;
    if (entry.goodCalls >= GOOD_CALLS_MAX) countWaiting(entry, policy);
    return;
  }
  countWaiting(entry, policy);
  const nowMs = deps.clock.nowMs();
  const chance = isWell ? 0 : deps.random.next();
  count(entry, outcome);
  if (deps.records !== undefined && isEvidence(entry, leave, outcome, isWell)) {
    keepEvidence(entry, leave, { outcome, atMs: nowMs, chance }, policy);
  }
  const call = { permit: leave.local, outcome, nowMs, chance };
  become(board, entry, afterCall(entry.local, call, policy));
};

const refresh = async (board: Board): Promise<void> => {
  const { clock, records, timers } = board.deps;
  // At least once a poll, so that no call waits for longer than that to be counted.
  for (const entry of board.entries.values()) countWaiting(entry, board.policy);
  const nowMs = clock.monotonicMs();
  if (records === undefined || nowMs - board.readAtMs < REFRESH_MS) return;
  board.readAtMs = nowMs;
  const adoptions = new Map([...board.entries.values()].map((one) => [one, one.adoptions]));
  const adoptAll = async (): Promise<void> => {
    for (const one of await records.list()) {
      const entry = entryOf(board, one.name);
      adoptRecord(entry, one, adoptions.get(entry) ?? 0);
    }
  };
  await within(timers, REFRESH_WAIT_MS, adoptAll());
};

const flush = async (board: Board): Promise<void> => {
  const { records, timers } = board.deps;
  if (records === undefined) return;
  const telling = [...board.entries.values()]
    .filter(({ evidence }) => evidence.length > 0)
    .map((entry) => within(timers, FLUSH_WAIT_MS, shareEvidence(entry, shareDeps(board, records))));
  await Promise.all(telling);
};

const shareDeps = ({ deps, policy }: Board, records: BreakerRecords): ShareDeps => ({
  records,
  policy,
  tell: (transition) => deps.onTransition({ ...transition, scope: "shared" }),
});

const become = ({ deps }: Board, entry: BreakerEntry, after: Breaker): void => {
  const before = entry.local;
  if (after === before) return;
  entry.local = after;
  if (after.generation === before.generation) return;
  const transition = transitionOf(entry.name, before, after);
  if (transition !== undefined) deps.onTransition({ ...transition, scope: "local" });
};

/** Successes are news only to a breaker that is not well; what was given up is none. */
const isEvidence = (
  entry: BreakerEntry,
  leave: Leave,
  outcome: Outcome,
  isWell: boolean,
): boolean => {
  if (leave.shared.lease > 0) return true;
  return outcome.type !== "abandoned" && (!isWell || isTroubled(entry.seen));
};

/** The same object for every call while nothing changes. */
const currentLeave = (entry: BreakerEntry): Leave => {
  const { leave, local, adopted } = entry;
  if (leave.local.generation !== local.generation || leave.shared.generation !== adopted) {
    entry.leave = leaveOf(local.generation, adopted);
  }
  return entry.leave;
};

/** Whether the shared breaker is not closed, and a probe may be what it waits for. */
const isProbeDue = ({ local, seen }: BreakerEntry, nowMs: number): boolean => {
  if (seen === undefined || seen.breaker.state === "closed") return false;
  return local.state === "halfOpen" || (local.state === "open" && nowMs >= local.untilMs);
};

const count = ({ counts }: BreakerEntry, outcome: Outcome): void => {
  switch (outcome.type) {
    case "success":
      counts.succeeded += 1;
      return;
    case "failure":
      counts.failed += 1;
      return;
    case "overtaken":
      counts.overtaken += 1;
      return;
    case "abandoned":
      return;
  }
};

const keepEvidence = (
  entry: BreakerEntry,
  leave: Leave,
  { outcome, atMs, chance }: { outcome: Outcome; atMs: number; chance: number },
  policy: BreakerPolicy,
): void => {
  const { local, evidence } = entry;
  if (evidence.length === 0 && !isTroubled(entry.seen) && local.state === "closed") {
    entry.callsBefore = Math.floor(windowRates(local.window, atMs, policy).calls);
  }
  const kept = evidence.length < EVIDENCE_MAX ? evidence : evidence.slice(1);
  entry.evidence = [...kept, { permit: leave.shared, outcome, atMs, chance }];
};
