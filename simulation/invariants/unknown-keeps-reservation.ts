import { isOpen, type Order as ExchangeOrder } from "../../local/exchange/core/order.ts";
import { orderFromEvents } from "../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import type { Claim, ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Actor, Observation } from "../observation.ts";
import type { Facts } from "./facts.ts";
import {
  broken,
  type Finding,
  HOLDS,
  type Invariant,
  judgeOf,
  type Scene,
  SKEW_MAX_MS,
} from "./invariant.ts";

/** How long a broker has to deny an order; said here again, so that no change of it goes unseen. */
const QUIET_WINDOW_MS = 60_000;

/**
 * (5) Unknown keeps its reservation. A claim stands, whole, until its order is over at the broker
 * with its bracket, until the function that made it knows that it was refused or never sent, or
 * until the broker has denied it over the whole quiet window. A rebuilt cell has a claim for every
 * order of ours that still works, and for every one of which it is open what became of it.
 */
export const unknownKeepsReservation: Invariant = {
  name: "unknown-keeps-reservation",
  judge: judgeOf(["cellWritten"], (observation, scene) => {
    const { facts } = scene;
    const { before, after } = observation;
    if (before === "damaged" || before === undefined) return judgeRebuilt(after, scene);
    if (before.inFlight === after.inFlight) return HOLDS;
    return Object.values(before.inFlight).flatMap((claim) => {
      const next = after.inFlight[claim.clientOrderId];
      if (next === claim) return HOLDS;
      return next?.claimId === claim.claimId
        ? judgeKept(claim, next, facts)
        : judgeGone(claim, observation, facts);
    });
  }),
};

const judgeKept = (claim: Claim, next: Claim, facts: Facts): readonly Finding[] => {
  const { clientOrderId } = claim;
  const order = facts.orderOf(clientOrderId);
  if (next.quantity !== claim.quantity || next.price !== claim.price) {
    return broken("A claim changed what it reserves.", clientOrderId);
  }
  if (next.filled < claim.filled || next.closed < claim.closed) {
    return broken("A claim forgot what was filled.", clientOrderId);
  }
  if (next.stage === "protecting" && (order === undefined || isOpen(order))) {
    return broken("A reservation was released while its order works.", clientOrderId);
  }
  const isUnsettled = next.stage === "claimed" || next.stage === "unknown";
  const isSettled = claim.stage === "working" || claim.stage === "protecting";
  if (isSettled && isUnsettled) {
    return broken("What the broker had confirmed became unknown again.", clientOrderId);
  }
  return next.stage === "working" && claim.stage !== "working" && order === undefined
    ? broken("The ledger has an order as working that never was at the broker.", clientOrderId)
    : HOLDS;
};

const judgeGone = (
  claim: Claim,
  { actor, atMs }: Extract<Observation, { type: "cellWritten" }>,
  facts: Facts,
): readonly Finding[] => {
  const { clientOrderId } = claim;
  const order = facts.orderOf(clientOrderId);
  if (order !== undefined && !isOpen(order)) {
    return facts.legsOf(order.id).some(isOpen)
      ? broken("A claim was released while the broker holds its bracket.", clientOrderId)
      : HOLDS;
  }
  if (isWithdrawn(claim, actor, facts)) return HOLDS;
  if (order !== undefined) {
    const lookedAtMs = atMs - SKEW_MAX_MS;
    // What arrived after it had been given up, or was shown to nobody until then, was not seen.
    return order.createdAtMs > lookedAtMs || isLateAndHidden(claim, order, lookedAtMs, facts)
      ? HOLDS
      : broken("A claim was released while the broker has its order.", clientOrderId);
  }
  const since = claim.absentSinceMs;
  const isQuiet = since !== null && atMs - since >= QUIET_WINDOW_MS - SKEW_MAX_MS;
  return isQuiet && atMs > claim.submitByMs - SKEW_MAX_MS
    ? HOLDS
    : broken("A claim was released although its fate was not known.", clientOrderId);
};

/**
 * Whether an order came when its quiet window had begun, and the broker did not show it any more
 * until its claim was given up. One that came in time is never hidden for a whole window.
 */
const isLateAndHidden = (
  { absentSinceMs, clientOrderId }: Claim,
  { createdAtMs }: ExchangeOrder,
  lookedAtMs: number,
  facts: Facts,
): boolean =>
  absentSinceMs !== null &&
  createdAtMs > absentSinceMs - SKEW_MAX_MS &&
  facts.isHiddenAt(clientOrderId, lookedAtMs);

/** Whether the very function that made the claim knows that nothing came of it. */
const isWithdrawn = (claim: Claim, actor: Actor | undefined, facts: Facts): boolean => {
  const made = facts.lastClaim(claim.clientOrderId);
  if (made === undefined || made.claim.claimId !== claim.claimId) return false;
  if (made.actor.invocation !== actor?.invocation) return false;
  switch (made.answer) {
    case undefined:
      return made.requests === 0;
    case "rejected":
    case "unauthorized":
    case "notSent":
    case "withheld":
      return true;
    case "acknowledged":
    case "alreadyExists":
    case "unknown":
      return false;
  }
};

const judgeRebuilt = (after: ControlCell, { facts, view }: Scene): readonly Finding[] =>
  Object.values(facts.cell()?.inFlight ?? {}).flatMap(({ clientOrderId, stage }) => {
    if (after.inFlight[clientOrderId] !== undefined) return HOLDS;
    const order = facts.orderOf(clientOrderId);
    if (order !== undefined && isOpen(order)) {
      return broken("A rebuilt cell has no claim for an order that works.", clientOrderId);
    }
    const isSettled = stage === "working" || stage === "protecting";
    return !isSettled && isOpenInHistory(view.eventsOf(clientOrderId))
      ? broken("A rebuilt cell has no claim for an order that may be live.", clientOrderId)
      : HOLDS;
  });

/** Whether a history leaves it open what became of its order; a damaged one says nothing. */
const isOpenInHistory = (events: readonly OrderEvent[]): boolean => {
  const order = orderFromEvents(events);
  const state = order.ok ? order.value?.state.name : undefined;
  return state === "new" || state === "claimed" || state === "unknown";
};
