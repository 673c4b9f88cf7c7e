import {
  admitCall,
  type BreakerRefusal,
  type CallRequest,
} from "../../domain/breaker/admit-call.ts";
import { afterCall } from "../../domain/breaker/after-call.ts";
import { type Breaker, healthyBreaker } from "../../domain/breaker/breaker.ts";
import type { BreakerPolicy } from "../../domain/breaker/breaker-policy.ts";
import { type BreakerTransition, transitionOf } from "../../domain/breaker/transition.ts";
import type { BreakerRecords } from "../../ports/breaker-records.ts";
import {
  adoptRecord,
  type BreakerEntry,
  type Evidence,
  EVIDENCE_MAX,
  type Leave,
} from "./breaker-entry.ts";

/** What writing a shared breaker needs. */
export type ShareDeps = {
  readonly records: BreakerRecords;
  readonly policy: BreakerPolicy;
  readonly tell: (transition: BreakerTransition) => void;
};

const TRIES_MAX = 5;

/**
 * Adds this environment's evidence to the shared breaker by one conditional write, so that failures
 * of environments that call once a minute add up. What cannot be written waits for the next time.
 * Throws as the store does.
 */
export const shareEvidence = async (entry: BreakerEntry, deps: ShareDeps): Promise<void> => {
  const { evidence, callsBefore } = entry;
  const [first] = evidence;
  if (first === undefined) return;
  entry.evidence = [];
  entry.callsBefore = 0;
  let isShared = false;
  try {
    let record = entry.seen;
    for (let tries = 0; tries < TRIES_MAX && !isShared; tries++) {
      const { adoptions } = entry;
      const before: Breaker = record?.breaker ?? {
        ...healthyBreaker(first.atMs),
        generation: entry.adopted,
      };
      const after = addEvidence(withCalls(before, callsBefore), evidence, deps.policy);
      if (after.generation === before.generation && !isNews(before, after)) {
        if (record !== undefined) adoptRecord(entry, record, adoptions);
        return void (isShared = true);
      }
      const saved = await deps.records.save(entry.name, after, record?.version ?? 0);
      record = saved.ok ? saved.value : saved.error.current;
      if (!saved.ok) continue;
      isShared = true;
      adoptRecord(entry, saved.value, adoptions);
      tellChange(entry.name, before, after, deps);
    }
  } finally {
    if (!isShared) {
      entry.evidence = [...evidence, ...entry.evidence].slice(-EVIDENCE_MAX);
      entry.callsBefore += callsBefore;
    }
  }
};

const addEvidence = (
  breaker: Breaker,
  evidence: readonly Evidence[],
  policy: BreakerPolicy,
): Breaker =>
  evidence.reduce(
    (before, { permit, outcome, atMs, chance }) =>
      afterCall(before, { permit, outcome, nowMs: atMs, chance }, policy),
    breaker,
  );

/** Evidence of an earlier generation changes nothing, and is then not written. */
const isNews = (before: Breaker, after: Breaker): boolean =>
  JSON.stringify(before) !== JSON.stringify(after);

const withCalls = (breaker: Breaker, calls: number): Breaker =>
  breaker.state === "closed" && calls > 0
    ? { ...breaker, window: { ...breaker.window, calls: breaker.window.calls + calls } }
    : breaker;

const tellChange = (name: string, before: Breaker, after: Breaker, deps: ShareDeps): void => {
  const transition = transitionOf(name, before, after);
  if (transition !== undefined) deps.tell(transition);
};

/**
 * Takes one of the shared breaker's places for probes by a conditional write, so that all
 * environments of a Region together have at most `probesMax` probes out. `undefined`: others wrote
 * all the time. Throws as the store does.
 */
export const leaseProbe = async (
  entry: BreakerEntry,
  request: CallRequest,
  deps: ShareDeps,
): Promise<Leave | BreakerRefusal | undefined> => {
  let record = entry.seen;
  for (let tries = 0; tries < TRIES_MAX && record !== undefined; tries++) {
    const { adoptions } = entry;
    const admission = admitCall(record.breaker, request, deps.policy);
    if (!admission.admitted) {
      adoptRecord(entry, record, adoptions);
      return admission.refusal;
    }
    const { breaker, permit } = admission;
    if (breaker !== record.breaker) {
      const saved = await deps.records.save(entry.name, breaker, record.version);
      if (!saved.ok) {
        record = saved.error.current;
        continue;
      }
      tellChange(entry.name, record.breaker, breaker, deps);
      record = saved.value;
    }
    adoptRecord(entry, record, adoptions);
    const local = { generation: entry.local.generation, lease: permit.lease };
    return { type: "Leave", local, shared: permit };
  }
  return undefined;
};
