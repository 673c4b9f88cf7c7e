import { canonicalJson } from "../../shared/domain/canonical-json.ts";
import { orderFromEvents } from "../../shared/domain/orders/order.ts";
import type { Claim, ControlCell } from "../../shared/domain/risk/control-cell.ts";
import type { Actor, Observation, WorldView } from "../observation.ts";
import { claimsMade } from "./facts.ts";
import { broken, type Finding, HOLDS, type Invariant, judgeOf } from "./invariant.ts";

/**
 * (3) No claim commits unless trading is active (exits: active or reducing), by the Region that holds
 * the account, in the current epoch; entries only while ledger and broker agree and no order of the
 * symbol is unknown; and no order of which its history tells the end. Every write of the cell follows the one before it, and only a takeover, into
 * another Region, or a rebuilt cell raises the epoch. What another Region has taken over is settled
 * by nobody else.
 */
export const claimsAreFenced: Invariant = {
  name: "claims-are-fenced",
  judge: judgeOf(["cellWritten"], (observation, { facts, view }) => {
    const { before, after, actor } = observation;
    if (before === undefined || before === "damaged") {
      const last = facts.cell();
      return last === undefined || (after.version > last.version && after.epoch > last.epoch)
        ? HOLDS
        : broken("A rebuilt cell is not above every version and epoch before it.");
    }
    const findings = [...judgeWrite(before, after), ...judgeWriter(observation, before)];
    if (actor?.functionName !== "execute-orders") return findings;
    for (const claim of claimsMade(before, after)) {
      const reason = refusalOf(before, after, claim, actor) ?? endOf(view, claim.clientOrderId);
      if (reason !== undefined)
        findings.push({ detail: reason, clientOrderId: claim.clientOrderId });
    }
    return findings;
  }),
};

const judgeWrite = (before: ControlCell, after: ControlCell): readonly Finding[] => {
  if (after.version !== before.version + 1) {
    return broken(`Version ${after.version} was written over version ${before.version}.`);
  }
  if (after.epoch < before.epoch) return broken("The epoch went back.");
  const isTakenOver =
    after.epoch === before.epoch + 1 && after.activeRegion !== before.activeRegion;
  if (isTakenOver && (after.tradingState.mode === "active" || isClean(after))) {
    return broken("A Region took over and lets entries through before it has reconciled.");
  }
  const isSame = after.epoch === before.epoch && after.activeRegion === before.activeRegion;
  return isTakenOver || isSame
    ? HOLDS
    : broken("Epoch and active Region change together, one epoch at a time, or not at all.");
};

const isClean = ({ reconciliation }: ControlCell): boolean => reconciliation.state === "clean";

/** Only the Region that holds the account books what came of its orders. */
const judgeWriter = (
  { actor, after }: Extract<Observation, { type: "cellWritten" }>,
  before: ControlCell,
): readonly Finding[] => {
  if (actor === undefined || actor.region === before.activeRegion) return HOLDS;
  return isAlike(before.inFlight, after.inFlight) && isAlike(before.holdings, after.holdings)
    ? HOLDS
    : broken(`${actor.region} changed claims or holdings that ${before.activeRegion} holds.`);
};

const isAlike = (left: unknown, right: unknown): boolean =>
  left === right || canonicalJson(left) === canonicalJson(right);

/** Why an order may not be claimed that its own history tells the end of. */
const endOf = (view: WorldView, clientOrderId: string): string | undefined => {
  const order = orderFromEvents(view.eventsOf(clientOrderId));
  const state = order.ok ? order.value?.state.name : undefined;
  return state === "rejected" || state === "filled" || state === "cancelled"
    ? `An order was claimed that is ${state} by its history.`
    : undefined;
};

const refusalOf = (
  before: ControlCell,
  after: ControlCell,
  claim: Claim,
  actor: Actor,
): string | undefined => {
  const { mode } = before.tradingState;
  const isEntry = claim.purpose === "entry";
  if (actor.region !== before.activeRegion) {
    return `${actor.region} claimed while ${before.activeRegion} held the account.`;
  }
  if (claim.epoch !== before.epoch || after.epoch !== before.epoch) {
    return `A claim of epoch ${claim.epoch} was stored in epoch ${before.epoch}.`;
  }
  if (mode === "halted") return "An order was claimed while trading was halted.";
  if (isEntry && mode === "reducing") return "An entry was claimed while only exits are allowed.";
  if (isEntry && before.reconciliation.state !== "clean") {
    return "An entry was claimed while ledger and broker were not known to agree.";
  }
  const others = Object.values(before.inFlight).filter(({ symbol }) => symbol === claim.symbol);
  if (isEntry && others.some(({ stage }) => stage === "unknown")) {
    return "An entry was claimed in a symbol with an order whose fate is not known.";
  }
  return before.inFlight[claim.clientOrderId] === undefined
    ? undefined
    : "An order was claimed that was claimed already.";
};
