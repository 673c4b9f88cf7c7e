import type { QuotedPrice } from "../../domain/market/quote.ts";
import { clientOrderIdOf } from "../../domain/orders/client-order-id.ts";
import type { DecisionBasis, Leg, OrderIntent, Side } from "../../domain/orders/order-intent.ts";
import type { Settings } from "../../domain/settings.ts";
import type { CompositeScore } from "../../domain/signals/score.ts";
import type { DecisionInput } from "./decision-input.ts";

/** What a rule adds to what the decision was asked with. */
type IntentTerms = Pick<
  OrderIntent,
  | "purpose"
  | "quantity"
  | "pricing"
  | "protection"
  | "referencePrice"
  | "reason"
  | "score"
  | "basis"
> & { readonly side: Side; readonly leg: Leg };

/** The order that a decision comes to, named by what was decided and by nothing else. */
export const intentOf = (
  { symbol, sessionDate, slotMs, nowMs, session }: DecisionInput,
  { strategy, account, entryValidMs, exitValidMs }: Settings,
  terms: IntentTerms,
): OrderIntent => {
  const { side, purpose, leg } = terms;
  const key = { strategy, account, symbol, sessionDate, barTimeMs: slotMs, side, leg, revision: 0 };
  const validMs = purpose === "entry" ? entryValidMs : exitValidMs;
  // Named one by one: a rest of terms is copied key by key, which every symbol would pay for.
  return {
    clientOrderId: clientOrderIdOf(key),
    strategy,
    account,
    symbol,
    sessionDate,
    decidedAtMs: nowMs,
    validUntilMs: Math.min(nowMs + validMs, session?.closesAtMs ?? nowMs),
    side,
    purpose,
    quantity: terms.quantity,
    pricing: terms.pricing,
    protection: terms.protection,
    referencePrice: terms.referencePrice,
    reason: terms.reason,
    score: terms.score,
    basis: terms.basis,
  };
};

/** What was looked at, as the order keeps it. */
export const basisOf = (
  quote: QuotedPrice | undefined,
  score: CompositeScore | undefined,
): DecisionBasis => ({
  quote:
    quote === undefined
      ? null
      : {
          source: quote.source,
          bid: quote.bid,
          ask: quote.ask,
          exchangeTimeMs: quote.exchangeTimeMs,
        },
  score:
    score === undefined
      ? null
      : {
          direction: score.direction,
          conviction: score.conviction,
          freshness: score.freshness,
          components: score.components,
          missing: score.missing,
        },
});
