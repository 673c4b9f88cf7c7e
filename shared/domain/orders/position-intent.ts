import type { OrderIntent } from "./order-intent.ts";

/**
 * What an exit asks the broker to hold it to: an exit that finds nothing left to close, because it
 * arrives minutes late or lands beside its successor, is refused instead of opening the other side.
 * An entry leaves it open: `undefined`.
 */
export const closingIntentOf = ({
  purpose,
  side,
}: Pick<OrderIntent, "purpose" | "side">): "buy_to_close" | "sell_to_close" | undefined => {
  if (purpose !== "exit") return undefined;
  return side === "buy" ? "buy_to_close" : "sell_to_close";
};
