import { epochMsToNewYork } from "../../domain/market/new-york-time.ts";
import { formatPrice } from "../../domain/market/price.ts";
import { formatQuantity } from "../../domain/market/quantity.ts";
import type { Order } from "../../domain/orders/order.ts";
import type { OrderEvent } from "../../domain/orders/order-event.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";

/** What happened, in a sentence, and why, one by one where there are several reasons. */
export type DescribedEvent = { readonly sentence: string; readonly reasons: readonly string[] };

/** Tells an event of an order for a person. */
export const describeOrderEvent = (event: OrderEvent, order: Order): DescribedEvent => {
  switch (event.type) {
    case "intentRecorded":
      return describeIntent(event.intent);
    case "denied": {
      const reasons = event.denials.map(({ reason, detail }) => `${reason}: ${detail}`);
      return { sentence: "The guard denied it.", reasons };
    }
    case "claimed": {
      const quantity = formatQuantity(event.quantity ?? order.intent.quantity);
      return only(
        `The guard approved it; ${quantity} claimed under epoch ${event.epoch} ` +
          `as ${event.claimId}, to leave by ${clock(event.submitByMs)}.`,
      );
    }
    case "acknowledged":
      return only(`The broker took it as ${event.brokerOrderId}.`);
    case "rejected":
      return only(`The broker refused it: ${event.reason}`);
    case "submissionUnknown":
      return {
        sentence: "Whether the broker has it is not known; its exposure stays reserved.",
        reasons: [event.cause],
      };
    case "notSent":
      return only(`It certainly did not reach the broker: ${event.cause}`);
    case "fillObserved": {
      const filled = `${formatQuantity(event.cumulativeFilled)} of ${formatQuantity(order.quantity)}`;
      return only(`${filled} filled so far, at ${formatPrice(event.averagePrice)} on average.`);
    }
    case "legFillObserved": {
      const closed = formatQuantity(event.cumulativeFilled);
      const price = formatPrice(event.averagePrice);
      return only(`The broker's ${event.role} has closed ${closed} at ${price} on average.`);
    }
    case "executionsObserved": {
      const trades = event.executions.map(
        ({ executionId, quantity, price, atMs }) =>
          `${formatQuantity(quantity)} at ${formatPrice(price)}, ${clock(atMs)} (${executionId})`,
      );
      return { sentence: "The trades behind it:", reasons: trades };
    }
    case "cancelRequested":
      return only(`Its cancellation was asked for: ${event.reason}`);
    case "orphaned":
      return only(`It was live at the broker as ${event.brokerOrderId} without a claim.`);
    case "cancelled":
      return only("It is cancelled.");
    case "expired":
      return only(`It expired: ${event.cause}`);
    case "replaced":
      return only(`It was replaced by ${event.replacedBy}.`);
  }
};

const only = (sentence: string): DescribedEvent => ({ sentence, reasons: [] });

const describeIntent = (intent: OrderIntent): DescribedEvent => {
  const { side, purpose, symbol, pricing, protection, referencePrice } = intent;
  const price = pricing.type === "limit" ? `at most ${formatPrice(pricing.limitPrice)}` : "market";
  const at = side === "sell" && pricing.type === "limit" ? price.replace("most", "least") : price;
  return {
    sentence:
      `Decided to ${side} ${formatQuantity(intent.quantity)} ${symbol} (${purpose}, ${at}) ` +
      `with the market at ${formatPrice(referencePrice)}; valid until ${clock(intent.validUntilMs)}.`,
    reasons: [
      intent.reason,
      ...(protection === null
        ? []
        : [
            `stop ${formatPrice(protection.stopPrice)} and ` +
              `target ${formatPrice(protection.targetPrice)} at the broker`,
          ]),
    ],
  };
};

/** `09:35:07 New York`, as everything else that a person reads. */
const clock = (atMs: number): string => {
  const { msOfDay } = epochMsToNewYork(atMs);
  return `${new Date(msOfDay).toISOString().slice(11, 19)} New York`;
};
