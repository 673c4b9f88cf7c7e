import { broken, type Finding, HOLDS, type Invariant, SKEW_MAX_MS } from "./invariant.ts";

/** So many clean reconciliations in a row have seen it, and none has asked: not a lost request. */
const SIGHTINGS_MAX = 4;

/**
 * (16) Entries end: one that still works although it is not valid any more, or no entry is allowed,
 * is cancelled by one of the next reconciliations.
 */
export const createEntriesEnd = (): Invariant => {
  const sightings = new Map<string, number>();
  const asked = new Set<string>();
  return {
    name: "entries-end",
    judge: (observation, { facts }) => {
      if (observation.type === "cancelAsked") asked.add(observation.brokerOrderId);
      if (observation.type !== "cellWritten") return HOLDS;
      const { before, after, actor, atMs } = observation;
      if (actor?.functionName !== "reconcile-orders" || typeof before !== "object") return HOLDS;
      if (before.reconciliation.cleanAtMs === after.reconciliation.cleanAtMs) return HOLDS;
      const findings: Finding[] = [];
      for (const { clientOrderId, purpose, stage, validUntilMs } of Object.values(after.inFlight)) {
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
  };
};
