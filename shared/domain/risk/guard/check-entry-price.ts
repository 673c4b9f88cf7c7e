import { formatPrice, type Price } from "../../market/price.ts";
import { isConfirmed } from "../../market/quote.ts";
import { CLOCK_SKEW_MAX_MS } from "./clock-skew.ts";
import type { GuardInput } from "./guard-input.ts";
import type { Deny } from "./objection.ts";

/** Returns the worst price of an entry once it is known to be near the market, else denies. */
export const checkEntryPrice = (input: GuardInput, deny: Deny): Price | undefined => {
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

const isWithinPct = (price: Price, reference: Price, pct: number): boolean =>
  reference > 0 && Math.abs(price - reference) * 100 <= pct * reference;
