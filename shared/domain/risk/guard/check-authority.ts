import { isWholeShares } from "../../market/quantity.ts";
import { isClaimed } from "../control-cell.ts";
import type { SymbolExposure } from "../exposure.ts";
import type { GuardInput } from "./guard-input.ts";
import type { Deny } from "./objection.ts";

/**
 * Claims that exits may have beyond the entries' limit, however small that is set: what stops
 * entries stops no exit, and the cell stays bounded.
 */
const EXITS_ROOM = 65;

/** What holds for every order: who may trade, when, and whether the order is whole. */
export const checkAuthority = (input: GuardInput, exposure: SymbolExposure, deny: Deny): void => {
  const { intent, cell, nowMs } = input;
  if (intent.account !== cell.account) {
    deny(
      "wrongAccount",
      () => `The order is for ${intent.account}, the cell is ${cell.account}'s.`,
    );
  }
  if (isClaimed(cell, intent.clientOrderId)) {
    deny("alreadyClaimed", () => "This order is claimed already.");
  }
  if (cell.activeRegion !== input.region) {
    deny("notActiveRegion", () => `${cell.activeRegion} trades, this is ${input.region}.`);
  }
  if (cell.tradingState.mode === "halted") {
    deny("tradingHalted", () => `Trading is halted: ${cell.tradingState.reason}`);
  }
  if (input.session === undefined || intent.sessionDate !== input.session.date) {
    deny("outsideSession", () => "The market is closed, or the order is of another session.");
  }
  if (!(nowMs < intent.validUntilMs)) {
    deny(
      "intentExpired",
      () => `The order was valid until ${intent.validUntilMs}, it is ${nowMs}.`,
    );
  }
  // A fraction can come from outside, and must be closable; ours are whole.
  const isWhole = intent.purpose === "exit" || isWholeShares(intent.quantity);
  if (!(intent.quantity > 0) || !isWhole) {
    deny(
      "quantityInvalid",
      () => `${intent.quantity} billionths are not a whole number of shares.`,
    );
  }
  const room = intent.purpose === "exit" ? EXITS_ROOM : 0;
  if (exposure.unsettled >= cell.limits.maxInFlight + room) {
    deny("tooManyInFlight", () => `${exposure.unsettled} claims are not settled yet.`);
  }
};
