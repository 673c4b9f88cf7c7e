import { isOpen } from "../../local/exchange/core/order.ts";
import type { Facts } from "./facts.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf, SKEW_MAX_MS } from "./invariant.ts";

/** So many reconciliations have seen it, and none was heard: more than requests that were lost. */
const SIGHTINGS_MAX = 8;

/** So often reconciliation may run while the broker hears of no cancellation: an outage ends. */
const ORPHAN_RUNS_MAX = 12;

/** The alert that tells of an order of ours that no claim stands for. */
const ORPHAN = /^orphan-order-(?<id>.+)$/;

/**
 * (16) Entries end: one that still works although it is not valid any more, or no entry is allowed,
 * is cancelled by one of the next reconciliations; and so is an order that no claim stands for.
 */
export const createEntriesEnd = (): Invariant => {
  const sightings = new Map<string, number>();
  const asked = new Set<string>();
  /** Orders without a claim that reconciliation has told of, and how often it has run since. */
  const orphans = new Map<string, number>();
  const judgeOrphans = (facts: Facts): readonly Finding[] =>
    [...orphans].flatMap(([clientOrderId, count]) => {
      const order = facts.orderOf(clientOrderId);
      const isLeft = order !== undefined && isOpen(order) && !asked.has(order.id);
      if (isLeft) orphans.set(clientOrderId, count + 1);
      else orphans.delete(clientOrderId);
      return isLeft && count + 1 === ORPHAN_RUNS_MAX
        ? broken("An order works that no claim stands for, and nobody cancels it.", clientOrderId)
        : HOLDS;
    });
  return {
    name: "entries-end",
    judge: judgeOf(
      ["cancelAsked", "alertRaised", "functionEnded", "cellWritten"],
      (observation, { facts }) => {
        if (observation.type === "cancelAsked") asked.add(observation.brokerOrderId);
        if (observation.type === "alertRaised") {
          const id = ORPHAN.exec(observation.alert.key)?.groups?.["id"];
          if (id !== undefined && !orphans.has(id)) orphans.set(id, 0);
        }
        if (observation.type === "functionEnded") {
          const { actor, outcome } = observation;
          const hasRun = actor.functionName === "reconcile-orders" && outcome === "returned";
          return hasRun ? judgeOrphans(facts) : HOLDS;
        }
        if (observation.type !== "cellWritten") return HOLDS;
        const { before, after, actor, atMs } = observation;
        if (actor?.functionName !== "reconcile-orders" || typeof before !== "object") return HOLDS;
        if (before.reconciliation.cleanAtMs === after.reconciliation.cleanAtMs) return HOLDS;
        const findings: Finding[] = [];
        for (const { clientOrderId, purpose, stage, validUntilMs } of Object.values(
          after.inFlight,
        )) {
          const order = facts.orderOf(clientOrderId);
          const isDue = after.tradingState.mode !== "active" || atMs > validUntilMs + SKEW_MAX_MS;
          if (purpose !== "entry" || stage !== "working" || !isDue) continue;
          if (order === undefined || asked.has(order.id)) continue;
          const count = (sightings.get(clientOrderId) ?? 0) + 1;
          sightings.set(clientOrderId, count);
          if (count !== SIGHTINGS_MAX) continue;
          findings.push(
            ...broken("An entry works that ought to end, and nobody cancels it.", clientOrderId),
          );
        }
        return findings;
      },
    ),
  };
};
