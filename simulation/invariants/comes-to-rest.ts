import { isOpen } from "../../local/exchange/core/order.ts";
import { parseClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import type { ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { WorldView } from "../observation.ts";
import { type Finding, HOLDS, type Invariant, judgeBy } from "./invariant.ts";

/**
 * Liveness: once the faults have stopped, and the time is over in which the world has to recover,
 * no order is unknown or being submitted, ledger equals broker, one Region holds the account and
 * knows it, health is OK where it trades, no intent waits, and alerts are resolved.
 */
export const comesToRest: Invariant = {
  name: "comes-to-rest",
  judge: judgeBy({}),
  judgeEnd: ({ view }, mode) => {
    if (mode === "safety") return HOLDS;
    const cell = view.cell();
    if (cell === undefined) return [{ detail: "The account was never opened." }];
    if (cell === "damaged") return [{ detail: "The cell is still damaged." }];
    return [...settled(cell), ...agreed(cell, view), ...recovered(cell, view)];
  },
};

/** A remedy for what only a person may end is used again when one says so; nobody does here. */
const isStoppedForPeople = (reason = ""): boolean =>
  /^healing: [^:]*: Stopped, having failed: [A-Za-z, ]+\.$/.test(reason);

/** Nothing is unknown, nothing is being sent, and it is known that ledger and broker agree. */
const settled = (cell: ControlCell): readonly Finding[] => {
  const unsettled = Object.values(cell.inFlight).filter(
    ({ stage }) => stage === "claimed" || stage === "unknown",
  );
  return [
    ...unsettled.map(({ stage, clientOrderId }) => ({
      detail: `An order is still ${stage}.`,
      clientOrderId,
    })),
    ...(cell.reconciliation.state === "clean"
      ? []
      : [{ detail: `Reconciliation is still ${cell.reconciliation.state}.` }]),
  ];
};

const agreed = (cell: ControlCell, { exchange }: WorldView): readonly Finding[] => {
  const findings: Finding[] = [];
  const positions = new Map<string, number>(
    exchange.listPositions().map(({ symbol, quantity }) => [symbol, quantity]),
  );
  for (const symbol of new Set([...positions.keys(), ...Object.keys(cell.holdings)])) {
    const ledger = cell.holdings[symbol]?.quantity ?? 0;
    const broker = positions.get(symbol) ?? 0;
    if (ledger === broker) continue;
    findings.push({ detail: `${symbol} is ${ledger} in the ledger and ${broker} at the broker.` });
  }
  const isHalted = cell.tradingState.mode === "halted";
  const query = { status: "open", limit: 1_000, direction: "asc" } as const;
  for (const order of exchange.listOrders(query).filter(isOpen)) {
    const { clientOrderId, parentId, role } = order;
    if (parentId !== undefined || parseClientOrderId(clientOrderId) === undefined) continue;
    if (cell.inFlight[clientOrderId] === undefined) {
      findings.push({ detail: "An order works that no claim stands for.", clientOrderId });
    }
    if (isHalted && role === "entry") {
      findings.push({ detail: "An entry works although trading is halted.", clientOrderId });
    }
  }
  return findings;
};

const recovered = (cell: ControlCell, { regions }: WorldView): readonly Finding[] => {
  const findings: Finding[] = [];
  const active = regions.filter(({ name }) => name === cell.activeRegion);
  if (active.length !== 1) findings.push({ detail: `${cell.activeRegion} is no Region.` });
  for (const { name, queues, health, openAlerts } of regions) {
    const intents = queues["orders.fifo"].waiting + queues["exits.fifo"].waiting;
    if (intents > 0) findings.push({ detail: `${intents} intents still wait in ${name}.` });
    if (name !== cell.activeRegion) continue;
    if (isStoppedForPeople(health?.reason)) continue;
    if (health?.level !== "OK") {
      findings.push({ detail: `Health is ${health?.level ?? "unknown"}: ${health?.reason ?? ""}` });
    }
    const unresolved = openAlerts.filter((key) => key.startsWith("system-health"));
    for (const key of unresolved) findings.push({ detail: `The alert ${key} is still open.` });
  }
  return findings;
};
