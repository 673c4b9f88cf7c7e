import { hasNotional } from "../market/money.ts";
import type { Price } from "../market/price.ts";
import type { BrokerPosition } from "./broker-state.ts";

/** What a position costs of which nothing can be believed: time closes it, and no price. */
const NO_COST = 0 as Price;

/**
 * The broker's average price of a position, or what was known of it. One at which the position
 * would be worth no amount is not believed: once taken over, no sum over what is held could be
 * made, and no exit of anything decided.
 */
export const believedAverage = (
  { averagePrice, quantity }: Pick<BrokerPosition, "averagePrice" | "quantity">,
  known: Price | null,
): Price => (hasNotional(averagePrice, quantity) ? averagePrice : (known ?? NO_COST));
