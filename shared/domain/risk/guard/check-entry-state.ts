import { listOf } from "../../listed-record.ts";
import { formatQuantity } from "../../market/quantity.ts";
import { signOf } from "../../orders/order-intent.ts";
import { HOLDINGS_MAX } from "../cell-size.ts";
import type { ControlCell } from "../control-cell.ts";
import type { SymbolExposure } from "../exposure.ts";
import { latchOf } from "../reject-latch.ts";
import { entriesIn, isDayUsedUp } from "./account-limits.ts";
import type { GuardInput } from "./guard-input.ts";
import type { Deny } from "./objection.ts";

/** What only entries must meet: trading is on, agreed and not cooling down, the symbol is clear. */
export const checkEntryState = (input: GuardInput, exposure: SymbolExposure, deny: Deny): void => {
  const { intent, cell, nowMs } = input;
  const { limits } = cell;
  const direction = signOf(intent.side);
  if (cell.tradingState.mode === "reducing") {
    deny("tradingReducing", () => `Only exits are allowed: ${cell.tradingState.reason}`);
  }
  if (cell.reconciliation.state !== "clean") {
    deny("notReconciled", () => "Ledger and broker have not been found to agree.");
  }
  if (cell.holdings[intent.symbol] === undefined && isFull(cell)) {
    deny("cellFull", () => `The cell holds ${HOLDINGS_MAX} symbols already.`);
  }
  if (exposure.hasUnknown) deny("symbolUnknown", () => "An earlier order's fate is not known yet.");
  if (exposure.exits > 0) deny("exitInFlight", () => "An exit is working in this symbol.");
  if (intent.protection === null) {
    deny("protectionMissing", () => "An entry carries its stop and target to the broker.");
  }
  const latch = latchOf(cell, intent.symbol, intent.sessionDate);
  if (latch !== undefined) {
    deny("rejectLatch", () => `The broker refused ${latch.count} orders with ${latch.code} today.`);
  }
  if (exposure.held !== 0 && Math.sign(exposure.held) !== direction) {
    deny("directionFlip", () => `Held ${formatQuantity(exposure.held)}: exit first.`);
  }
  const opposite = direction === 1 ? exposure.entrySells : exposure.entryBuys;
  if (opposite > 0) deny("directionFlip", () => "An entry the other way is working.");
  if (direction === -1 && exposure.held <= 0 && !limits.allowShortSelling) {
    deny("shortSelling", () => "Selling short is not allowed.");
  }
  const lastEntryAtMs = cell.holdings[intent.symbol]?.lastEntryAtMs ?? null;
  const coolDownMs = limits.minCooldownMinutes * 60_000;
  if (lastEntryAtMs !== null && nowMs - lastEntryAtMs < coolDownMs) {
    deny(
      "cooldown",
      () => `The last entry was ${Math.round((nowMs - lastEntryAtMs) / 1000)} s ago.`,
    );
  }
  const entries = entriesIn(cell, intent.sessionDate);
  if (isDayUsedUp(entries, limits)) {
    deny("dailyEntries", () => `${entries} entries were made today.`);
  }
};

const isFull = ({ holdings }: ControlCell): boolean =>
  listOf(holdings).names.length >= HOLDINGS_MAX;
