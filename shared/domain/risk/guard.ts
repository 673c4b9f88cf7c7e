import type { Session } from "../market/calendar.ts";
import { addMoney, formatMoney, moneyToFloat, notional, type Money } from "../market/money.ts";
import { formatPrice, type Price } from "../market/price.ts";
import {
  absoluteQuantity,
  formatQuantity,
  isWholeShares,
  type Quantity,
} from "../market/quantity.ts";
import { isConfirmed, type ValidQuote } from "../market/quote.ts";
import { type OrderIntent, signOf } from "../orders/order-intent.ts";
import { err, ok, type Result } from "../result.ts";
import { HOLDINGS_MAX } from "./cell-size.ts";
import type { ControlCell } from "./control-cell.ts";
import type { DenialReason } from "./denial.ts";
import { exposureOf, portfolioExposure, type SymbolExposure } from "./exposure.ts";
import type { Limits } from "./limits.ts";
import { latchOf } from "./reject-latch.ts";

/** What is stamped further ahead of our clock than this is not known to be fresh. */
const CLOCK_SKEW_MAX_MS = 5_000;

declare const approvedBrand: unique symbol;

/** An order that the guard let through, against one version of the control cell. */
export type Approved<Order extends OrderIntent> = {
  readonly [approvedBrand]: true;
  readonly order: Order;
  /** The worst price that the reservation is counted with. */
  readonly price: Price;
  /** The cell that was looked at; a claim against any other version asks the guard again. */
  readonly cellVersion: number;
};

/** Everything a decision rests on. `undefined` is missing, and missing denies. */
export type GuardInput = {
  readonly intent: OrderIntent;
  readonly cell: ControlCell;
  /** The last known quote of the intent's symbol, read when the order is about to be sent. */
  readonly quote: ValidQuote | undefined;
  /** The session that `nowMs` falls into, regular hours only; undefined when closed. */
  readonly session: Session | undefined;
  /** The Region that asks. */
  readonly region: string;
  readonly nowMs: number;
};

/** A reason against an order; its details are put into words only for those who are shown them. */
export type Objection = { readonly reason: DenialReason; readonly describe: () => string };

/**
 * Decides whether an order may be claimed: pure, every reason collected, and closed on anything
 * missing or stale. Entries meet every limit of S2, counting what is working and reserved. Exits
 * are cut to the position less the exits already working, and nothing that stops entries (limits,
 * cooldown, stale data, `reducing`) stops them.
 */
export const guardOrder = (
  input: GuardInput,
): Result<Approved<OrderIntent>, readonly Objection[]> => {
  const denials: Objection[] = [];
  const passed = checkAll(input, (reason, describe) => {
    denials.push({ reason, describe });
  });
  if (denials.length > 0 || passed === undefined) return err(denials);
  return ok({ ...passed, cellVersion: input.cell.version } as Approved<OrderIntent>);
};

/** The names of the reasons for which the guard would refuse an order now; none if it would not. */
export const reasonsAgainst = (input: GuardInput): readonly DenialReason[] => {
  const reasons: DenialReason[] = [];
  checkAll(input, (reason) => {
    reasons.push(reason);
  });
  return reasons;
};

type Checked = { readonly order: OrderIntent; readonly price: Price };

/** Every check there is; what passes is the order as it may be sent, with its worst price. */
const checkAll = (input: GuardInput, deny: Deny): Checked | undefined => {
  const { intent, cell } = input;
  const exposure = exposureOf(cell, intent.symbol);
  checkAuthority(input, exposure, deny);
  if (intent.purpose === "exit") {
    return { order: fitExit(intent, exposure, deny), price: exitPrice(input) };
  }
  checkEntryState(input, exposure, deny);
  const price = checkPrice(input, deny);
  if (!areLimitsValid(cell.limits)) {
    deny("limitsInvalid", () => "A limit is missing, negative or not a number.");
    return undefined;
  }
  if (price === undefined) return undefined;
  checkSymbolLimits(input, exposure, price, deny);
  checkAccountLimits(input, exposure, price, deny);
  return { order: intent, price };
};

type Deny = (reason: DenialReason, detail: () => string) => void;

/** What holds for every order: who may trade, when, and whether the order is whole. */
const checkAuthority = (input: GuardInput, exposure: SymbolExposure, deny: Deny): void => {
  const { intent, cell, nowMs } = input;
  if (intent.account !== cell.account) {
    deny(
      "wrongAccount",
      () => `The order is for ${intent.account}, the cell is ${cell.account}'s.`,
    );
  }
  if (cell.inFlight[intent.clientOrderId] !== undefined) {
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
  // Exits have as much room again: what stops entries stops no exit, and the cell stays bounded.
  const room = intent.purpose === "exit" ? cell.limits.maxInFlight + 1 : 0;
  if (exposure.unsettled >= cell.limits.maxInFlight + room) {
    deny("tooManyInFlight", () => `${exposure.unsettled} claims are not settled yet.`);
  }
};

/** An exit is opposite to the position, and cut to what no other exit is closing already. */
const fitExit = (intent: OrderIntent, exposure: SymbolExposure, deny: Deny): OrderIntent => {
  const direction = signOf(intent.side);
  const free = absoluteQuantity(exposure.held) - exposure.exits;
  if (exposure.protected > 0) {
    // The bracket's stop and a second exit could both fill: cancel, confirm, then send.
    deny("protectionWorking", () => "The broker still holds the bracket around this position.");
  }
  if (exposure.hasWorkingEntry) {
    deny(
      "entryWorking",
      () => "An entry still works in this symbol: the broker would see a wash trade.",
    );
  }
  if (exposure.held === 0 || Math.sign(exposure.held) === direction) {
    deny("notReducing", () => `Held ${formatQuantity(exposure.held)}: a ${intent.side} would add.`);
  } else if (free <= 0) {
    deny("exitInFlight", () => `Exits of ${formatQuantity(exposure.exits)} are working already.`);
  }
  return free < intent.quantity ? { ...intent, quantity: free as Quantity } : intent;
};

/** Exits are counted with the last known price, however old, or the price of the decision. */
const exitPrice = ({ intent, quote }: GuardInput): Price =>
  intent.pricing.type === "limit"
    ? intent.pricing.limitPrice
    : (quote?.mid ?? intent.referencePrice);

const checkEntryState = (input: GuardInput, exposure: SymbolExposure, deny: Deny): void => {
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
  const entries = cell.day?.sessionDate === intent.sessionDate ? cell.day.entries : 0;
  if (entries >= limits.maxEntriesPerDay) {
    deny("dailyEntries", () => `${entries} entries were made today.`);
  }
};

const isFull = ({ holdings }: ControlCell): boolean => {
  let size = sizes.get(holdings);
  if (size === undefined) {
    size = Object.keys(holdings).length;
    sizes.set(holdings, size);
  }
  return size >= HOLDINGS_MAX;
};

/** A cell never changes, and one is asked about for every symbol of a cycle: counted once. */
const sizes = new WeakMap<ControlCell["holdings"], number>();

/** Returns the worst price of an entry once it is known to be near the market, else denies. */
const checkPrice = (input: GuardInput, deny: Deny): Price | undefined => {
  const { intent, quote, nowMs } = input;
  const { limits } = input.cell;
  if (intent.pricing.type !== "limit") {
    deny("priceMissing", () => "An entry carries a limit price.");
    return undefined;
  }
  if (quote === undefined || quote.symbol !== intent.symbol) {
    deny("priceMissing", () => `No price of ${intent.symbol} is known.`);
    return undefined;
  }
  const ageMs = nowMs - quote.exchangeTimeMs;
  if (!(ageMs <= limits.maxQuoteAgeMs && ageMs >= -CLOCK_SKEW_MAX_MS)) {
    deny("quoteStale", () => `The last price is ${Math.round(ageMs / 1000)} s old.`);
  }
  if (!isConfirmed(quote)) {
    deny("quoteUnconfirmed", () => `No second vendor confirms the price of ${quote.source}.`);
  }
  const { limitPrice } = intent.pricing;
  if (!isWithinPct(limitPrice, quote.mid, limits.maxPriceDeviationPct)) {
    deny(
      "priceDeviation",
      () => `${formatPrice(limitPrice)} is far from ${formatPrice(quote.mid)}.`,
    );
  }
  if (!isWithinPct(intent.referencePrice, quote.mid, limits.maxPriceDeviationPct)) {
    deny(
      "referenceMoved",
      () => `Decided at ${formatPrice(intent.referencePrice)}, now ${formatPrice(quote.mid)}.`,
    );
  }
  // A short sale fills at its limit or better, and better means a larger exposure.
  return intent.side === "sell" && quote.ask > limitPrice ? quote.ask : limitPrice;
};

const checkSymbolLimits = (
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

const checkAccountLimits = (
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
  const most = percentOf(accountReading.equity, limits.maxPortfolioExposurePct);
  if (!(moneyToFloat(exposed) <= most)) {
    deny("portfolioExposure", () => `${formatMoney(exposed)} of at most ${most.toFixed(2)} USD.`);
  }
  const needed = addMoney(exposure.entryReserve, size);
  if (!(needed <= accountReading.buyingPower)) {
    deny("buyingPower", () => tooMuch(needed, accountReading.buyingPower));
  }
};

/** A limit that is no number, or has no end, would let everything through; zero lets nothing. */
const areLimitsValid = (limits: Limits): boolean =>
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

const isWithinPct = (price: Price, reference: Price, pct: number): boolean =>
  reference > 0 && Math.abs(price - reference) * 100 <= pct * reference;

const percentOf = (amount: Money, pct: number): number => (moneyToFloat(amount) * pct) / 100;

const tooMuch = (amount: Money, most: Money): string =>
  `${formatMoney(amount)} of at most ${formatMoney(most)} USD.`;
