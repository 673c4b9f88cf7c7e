import { parsePrice } from "../../shared/domain/market/price.ts";
import { shares } from "../../shared/domain/market/quantity.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import { clientOrderIdOf } from "../../shared/domain/orders/client-order-id.ts";
import type { OrderIntent } from "../../shared/domain/orders/order-intent.ts";
import type { Approved } from "../../shared/domain/risk/guard.ts";

const symbol = parseTicker("SPY")!;
const sessionDate = parseSessionDate("2013-10-07")!;
const decidedAtMs = Date.UTC(2013, 9, 7, 13, 40);

/** An intent to buy two shares of SPY at 150, changed as told; `bar` makes it another decision. */
export const intentWith = (changes: Partial<OrderIntent> = {}, bar = 0): OrderIntent => {
  const side = changes.side ?? "buy";
  const purpose = changes.purpose ?? "entry";
  const barTimeMs = decidedAtMs + bar * 60_000;
  return {
    clientOrderId: clientOrderIdOf({
      strategy: "core",
      account: "main",
      symbol: changes.symbol ?? symbol,
      sessionDate,
      barTimeMs,
      side,
      leg: purpose,
      revision: 0,
    }),
    strategy: "core",
    account: "main",
    symbol,
    sessionDate,
    side,
    purpose,
    quantity: shares(2),
    pricing: { type: "limit", limitPrice: parsePrice("150")! },
    protection: null,
    referencePrice: parsePrice("150")!,
    decidedAtMs,
    validUntilMs: decidedAtMs + 60_000,
    reason: "a test",
    score: 4,
    ...changes,
  };
};

/** The intent as if the guard had let it through, which is another test's matter. */
export const approve = (order: OrderIntent): Approved<OrderIntent> =>
  ({ order, price: order.referencePrice, cellVersion: 1 }) as Approved<OrderIntent>;
