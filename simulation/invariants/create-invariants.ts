import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Observation, ObservationType } from "../observation.ts";
import type { Invariants, Violation } from "../seed-run.ts";
import { createActsAreRecorded } from "./acts-are-recorded.ts";
import { createAlertsReachPeople } from "./alerts-reach-people.ts";
import { createAuditChainVerifies } from "./audit-chain-verifies.ts";
import { bugsAreNone } from "./bugs-are-none.ts";
import { claimedBeforeSent } from "./claimed-before-sent.ts";
import { claimsAreFenced } from "./claims-are-fenced.ts";
import { cleanIsTrue } from "./clean-is-true.ts";
import { comesToRest } from "./comes-to-rest.ts";
import { createDriftStopsEntries } from "./drift-stops-entries.ts";
import { createEntriesEnd } from "./entries-end.ts";
import { createExitsAreDecided } from "./exits-are-decided.ts";
import { createExitsNeverBlocked } from "./exits-never-blocked.ts";
import { exitsOnlyReduce } from "./exits-only-reduce.ts";
import { createFacts } from "./facts.ts";
import { createFaultsAreTold } from "./faults-are-told.ts";
import { healingNeverLoosens } from "./healing-never-loosens.ts";
import { createHealingWithinBudget } from "./healing-within-budget.ts";
import { createHistoriesOnlyGrow } from "./histories-only-grow.ts";
import type { Finding, Invariant } from "./invariant.ts";
import { ledgerInventsNothing } from "./ledger-invents-nothing.ts";
import { createNoMessageLost } from "./no-message-lost.ts";
import { createOneDeliveryAtATime } from "./one-delivery-at-a-time.ts";
import { createOneOrderPerIntent } from "./one-order-per-intent.ts";
import { createOpenBreakerSendsNothing } from "./open-breaker-sends-nothing.ts";
import { passiveSendsNothing } from "./passive-sends-nothing.ts";
import { probeIsNoOrder } from "./probe-is-no-order.ts";
import { createRestoredIsWhole } from "./restored-is-whole.ts";
import { restsOnFreshData } from "./rests-on-fresh-data.ts";
import { createResumingTakesTwo } from "./resuming-takes-two.ts";
import { createTicksAreKept } from "./ticks-are-kept.ts";
import { unknownKeepsReservation } from "./unknown-keeps-reservation.ts";
import { createWithinLimits } from "./within-limits.ts";
import { withinSession } from "./within-session.ts";

/** Every invariant of one world, in the order of the list in docs/simulation.md. */
const listInvariants = (): readonly Invariant[] => [
  createOneOrderPerIntent(),
  claimedBeforeSent,
  claimsAreFenced,
  createWithinLimits(),
  unknownKeepsReservation,
  createHistoriesOnlyGrow(),
  withinSession,
  createOpenBreakerSendsNothing(),
  passiveSendsNothing,
  createExitsNeverBlocked(),
  createResumingTakesTwo(),
  createNoMessageLost(),
  ledgerInventsNothing,
  cleanIsTrue,
  exitsOnlyReduce,
  createEntriesEnd(),
  restsOnFreshData,
  createOneDeliveryAtATime(),
  healingNeverLoosens,
  probeIsNoOrder,
  createDriftStopsEntries(),
  createAlertsReachPeople(),
  createFaultsAreTold(),
  createHealingWithinBudget(),
  createRestoredIsWhole(),
  createAuditChainVerifies(),
  createActsAreRecorded(),
  bugsAreNone,
  createTicksAreKept(),
  createExitsAreDecided(),
  comesToRest,
];

/**
 * Holds a world against every invariant: each looks only at what was observed since the last event
 * of the engine, so that most events cost nothing.
 */
export const createInvariants = (
  invariants = listInvariants(),
): Invariants & { readonly names: readonly string[] } => {
  const facts = createFacts();
  const judgesOf = createJudgesOf(invariants);
  let observed: Observation[] = [];
  return {
    names: invariants.map(({ name }) => name),
    observe: (observation) => {
      observed.push(observation);
    },
    afterEvent: (view) => {
      if (observed.length === 0) return NONE;
      const news = observed;
      observed = [];
      const violations: Violation[] = [];
      const scene = { facts, view };
      for (const seen of news) {
        const observation = withPredecessor(seen, facts.cell());
        for (const { name, judge } of judgesOf(observation.type)) {
          const findings = judge(observation, scene);
          if (findings.length === 0) continue;
          violations.push(...findings.map(toViolation(name, observation.atMs)));
        }
        facts.note(observation);
      }
      return violations;
    },
    atEnd: (view, mode) =>
      invariants.flatMap(({ name, judgeEnd }) =>
        (judgeEnd?.({ facts, view }, mode) ?? []).map(toViolation(name, view.nowMs)),
      ),
  };
};

const NONE: readonly Violation[] = [];

type NamedJudge = Pick<Invariant, "name" | "judge">;

/** Those that look at a type of observation: the others have nothing to say of it. */
const createJudgesOf = (
  invariants: readonly Invariant[],
): ((type: ObservationType) => readonly NamedJudge[]) => {
  const known = new Map<ObservationType, readonly NamedJudge[]>();
  return (type) => {
    let judges = known.get(type);
    if (judges === undefined) {
      judges = invariants.flatMap(({ name, judge }) => {
        const judgeOfType = judge.of === undefined ? judge : judge.of(type);
        return judgeOfType === undefined ? [] : [{ name, judge: judgeOfType }];
      });
      known.set(type, judges);
    }
    return judges;
  };
};

/**
 * Damage leaves what conditions compare, so that a write that was computed from the cell before it
 * may still win: it follows the last whole cell, and is judged so.
 */
const withPredecessor = (seen: Observation, last: ControlCell | undefined): Observation => {
  if (seen.type !== "cellWritten" || seen.before !== "damaged" || last === undefined) return seen;
  const { version, epoch, tradingState } = seen.after;
  const isRebuilt = tradingState.by === "rebuild-cell" && last.tradingState.by !== "rebuild-cell";
  const follows = version === last.version + 1 && epoch === last.epoch && !isRebuilt;
  return follows ? { ...seen, before: last } : seen;
};

const toViolation =
  (invariant: string, atMs: number) =>
  (finding: Finding): Violation => ({ invariant, atMs, ...finding });
