import type { Session } from "../domain/market/calendar.ts";
import { absoluteQuantity, type Quantity } from "../domain/market/quantity.ts";
import type { ValidQuote } from "../domain/market/quote.ts";
import type { Ticker } from "../domain/market/ticker.ts";
import { clientOrderIdOf } from "../domain/orders/client-order-id.ts";
import type { OrderIntent } from "../domain/orders/order-intent.ts";
import { type ControlCell, isOpen } from "../domain/risk/control-cell.ts";
import { exposureOf } from "../domain/risk/exposure.ts";
import type { Settings } from "../domain/settings.ts";

/** What the exits of a flattening are made from. */
export type FlattenScene = {
  readonly session: Session;
  readonly nowMs: number;
  /** Last known, however old: an exit at the market needs none. */
  readonly quotes: readonly ValidQuote[];
  readonly reason: string;
};

const MINUTE_MS = 60_000;

/**
 * One exit at the market for each symbol that is held, of what no other exit is closing already.
 * The current minute names the decision, so that asking twice within it, or the cycle deciding the
 * same, makes the same order and not a second one. Pure.
 */
export const flattenIntents = (
  cell: ControlCell,
  scene: FlattenScene,
  settings: Pick<Settings, "account" | "strategy" | "exitValidMs">,
): readonly OrderIntent[] => {
  const { session, nowMs, quotes, reason } = scene;
  const quotesBySymbol = new Map<string, ValidQuote>(quotes.map((quote) => [quote.symbol, quote]));
  return Object.entries(cell.holdings).flatMap(([name, holding]): readonly OrderIntent[] => {
    // A holding's key is a symbol: the ledger reads it as one.
    const symbol = name as Ticker;
    if (!isOpen(holding)) return [];
    const free = absoluteQuantity(holding.quantity) - exposureOf(cell, symbol).exits;
    if (free <= 0) return [];
    const isLong = holding.quantity > 0;
    const quote = quotesBySymbol.get(symbol);
    const { account, strategy } = settings;
    const side = isLong ? "sell" : "buy";
    const sessionDate = session.date;
    return [
      {
        clientOrderId: clientOrderIdOf({
          strategy,
          account,
          symbol,
          sessionDate,
          barTimeMs: Math.floor(nowMs / MINUTE_MS) * MINUTE_MS,
          side,
          leg: "flatten",
          revision: 0,
        }),
        strategy,
        account,
        symbol,
        sessionDate,
        side,
        purpose: "exit",
        quantity: free as Quantity,
        pricing: { type: "market" },
        protection: null,
        referencePrice: (isLong ? quote?.bid : quote?.ask) ?? holding.averagePrice,
        decidedAtMs: nowMs,
        validUntilMs: Math.min(nowMs + settings.exitValidMs, session.closesAtMs),
        reason: `flatten: ${reason}`,
        score: null,
      },
    ];
  });
};
