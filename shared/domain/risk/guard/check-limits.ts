import {
  addMoney,
  formatMoney,
  moneyToFloat,
  notional,
  percentOf,
  type Money,
} from "../../market/money.ts";
import type { Price } from "../../market/price.ts";
import { absoluteQuantity, type Quantity } from "../../market/quantity.ts";
import { portfolioExposure, type SymbolExposure } from "../exposure.ts";
import type { Limits } from "../limits.ts";
import { exposureMaxUsd, isOverExposed, isUnaffordable } from "./account-limits.ts";
import { CLOCK_SKEW_MAX_MS } from "./clock-skew.ts";
import type { GuardInput } from "./guard-input.ts";
import type { Deny } from "./objection.ts";

/** What may be held and ordered in one symbol, counting what works and is reserved. */
export const checkSymbolLimits = (
  input: GuardInput,
  exposure: SymbolExposure,
  price: Price,
  deny: Deny,
): void => {
  const { intent, cell } = input;
  const { limits, accountReading } = cell;
  const size = notional(price, intent.quantity);
  if (!(size <= limits.maxNotionalPerOrder)) {
    deny("notionalPerOrder", () => tooMuch(size, limits.maxNotionalPerOrder));
  }
  const sameSide = intent.side === "buy" ? exposure.entryBuys : exposure.entrySells;
  const whole = (absoluteQuantity(exposure.held) + sameSide + intent.quantity) as Quantity;
  const inSymbol = notional(price, whole);
  if (!(inSymbol <= limits.maxPositionSize)) {
    deny("positionSize", () => tooMuch(inSymbol, limits.maxPositionSize));
  }
  if (accountReading === null) return;
  const concentration = percentOf(accountReading.equity, limits.maxConcentrationPerSymbolPct);
  if (!(moneyToFloat(inSymbol) <= concentration)) {
    deny(
      "concentration",
      () => `${formatMoney(inSymbol)} of at most ${concentration.toFixed(2)} USD.`,
    );
  }
};

/** What the whole account may be exposed to and pay for. */
export const checkAccountLimits = (
  input: GuardInput,
  exposure: SymbolExposure,
  price: Price,
  deny: Deny,
): void => {
  const { intent, cell, nowMs } = input;
  const { limits, accountReading } = cell;
  if (accountReading === null) {
    deny("accountUnknown", () => "The broker's account has not been read yet.");
    return;
  }
  const ageMs = nowMs - accountReading.observedAtMs;
  if (!(ageMs <= limits.maxAccountAgeMs && ageMs >= -CLOCK_SKEW_MAX_MS)) {
    deny("accountStale", () => `The account was read ${Math.round(ageMs / 1000)} s ago.`);
  }
  const size = notional(price, intent.quantity);
  const exposed = addMoney(portfolioExposure(cell, exposure, intent.symbol, price), size);
  const most = exposureMaxUsd(accountReading, limits);
  if (isOverExposed(exposed, most)) {
    deny("portfolioExposure", () => `${formatMoney(exposed)} of at most ${most.toFixed(2)} USD.`);
  }
  const needed = addMoney(exposure.entryReserve, size);
  if (isUnaffordable(needed, accountReading.buyingPower)) {
    deny("buyingPower", () => tooMuch(needed, accountReading.buyingPower));
  }
};

/** A limit that is no number, or has no end, would let everything through; zero lets nothing. */
export const areLimitsValid = (limits: Limits): boolean =>
  isLimit(limits.maxPositionSize) &&
  isLimit(limits.maxNotionalPerOrder) &&
  isLimit(limits.maxPortfolioExposurePct) &&
  isLimit(limits.maxConcentrationPerSymbolPct) &&
  isLimit(limits.maxPriceDeviationPct) &&
  isLimit(limits.minCooldownMinutes) &&
  isLimit(limits.maxEntriesPerDay) &&
  isLimit(limits.maxInFlight) &&
  isLimit(limits.maxQuoteAgeMs) &&
  isLimit(limits.maxAccountAgeMs) &&
  isLimit(limits.maxDailyLossPct) &&
  isLimit(limits.maxDrawdownPct) &&
  isLimit(limits.rejectsToLatch) &&
  limits.rejectsToLatch >= 1;

const isLimit = (limit: number): boolean => limit >= 0 && limit < Infinity;

const tooMuch = (amount: Money, most: Money): string =>
  `${formatMoney(amount)} of at most ${formatMoney(most)} USD.`;
