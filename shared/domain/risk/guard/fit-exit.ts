import type { Price } from "../../market/price.ts";
import { formatQuantity, type Quantity } from "../../market/quantity.ts";
import { type OrderIntent, signOf } from "../../orders/order-intent.ts";
import type { SymbolExposure } from "../exposure.ts";
import { closableOf, freeOf } from "./closable.ts";
import type { GuardInput } from "./guard-input.ts";
import type { Deny } from "./objection.ts";

/** An exit is opposite to the position, and cut to what no other exit is closing already. */
export const fitExit = (input: GuardInput, exposure: SymbolExposure, deny: Deny): OrderIntent => {
  const { intent } = input;
  const closable = closableOf(input, exposure);
  if (closable === undefined) {
    deny("notReconciled", () => "The books are restored, and the broker's position was not read.");
    return intent;
  }
  const { held, taken, hasWorkingEntry } = closable;
  const free = freeOf(closable);
  if (exposure.protected > 0) {
    // The bracket's stop and a second exit could both fill: cancel, confirm, then send.
    deny("protectionWorking", () => "The broker still holds the bracket around this position.");
  }
  if (hasWorkingEntry) {
    deny(
      "entryWorking",
      () => "An entry still works in this symbol: the broker would see a wash trade.",
    );
  }
  if (held === 0 || Math.sign(held) === signOf(intent.side)) {
    deny("notReducing", () => `Held ${formatQuantity(held)}: a ${intent.side} would add.`);
  } else if (free <= 0) {
    deny("exitInFlight", () => `Exits of ${formatQuantity(taken)} are working already.`);
  }
  return free < intent.quantity ? { ...intent, quantity: free as Quantity } : intent;
};

/** Exits are counted with the last known price, however old, or the price of the decision. */
export const exitPrice = ({ intent, quote }: GuardInput): Price =>
  intent.pricing.type === "limit"
    ? intent.pricing.limitPrice
    : (quote?.mid ?? intent.referencePrice);
