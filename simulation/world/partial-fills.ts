import type { Exchange } from "../../local/exchange/core/exchange.ts";
import { QUANTITY_UNITS_PER_SHARE, type Quantity } from "../../shared/domain/market/quantity.ts";
import type { FaultControl, Occasion } from "../faults/fault-control.ts";

/** Measures from this number on say how much an order gets of one quote. */
const ABOUT_SHARE = 61;
/** What is measured of the quotes that give an order anything: afterwards the book is empty. */
const ABOUT_QUOTES = 60;
const QUOTES_MAX = 6;

/**
 * Orders that fill in parts: which do is decided for each when the market first meets it, and every
 * quote then gives it a share of its own; an entry until nobody trades at its price any more.
 */
export const startPartialFills = (
  exchange: Exchange,
  faults: FaultControl,
  nowMs: () => number,
  untraded: ReadonlySet<string>,
): void => {
  const place = faults.placeOf("partial fills");
  const isEnabled = faults.isEnabled("partial-fills");
  const known = new Map<string, { readonly occasion: Occasion; quotes: number } | "whole">();
  exchange.setOfferShares((order, available) => {
    if (faults.isStopped()) return available;
    if (untraded.has(order.clientOrderId)) return 0 as Quantity;
    if (!isEnabled) return available;
    let parts = known.get(order.id);
    if (parts === undefined) {
      const occasion = place.pass(nowMs());
      const isStruck = faults.strikes("partial-fills", occasion, `${place.name} ${order.symbol}`);
      parts = isStruck ? { occasion, quotes: 0 } : "whole";
      known.set(order.id, parts);
    }
    if (parts === "whole") return available;
    const quotesMax = Math.floor(faults.measure(parts.occasion, ABOUT_QUOTES) * QUOTES_MAX);
    if (order.role === "entry" && parts.quotes >= quotesMax) return 0 as Quantity;
    const share = faults.measure(parts.occasion, ABOUT_SHARE + parts.quotes++);
    const whole = Math.floor((order.quantity * share) / QUANTITY_UNITS_PER_SHARE);
    const most = Math.max(1, whole) * QUANTITY_UNITS_PER_SHARE;
    return Math.min(available, most) as Quantity;
  });
};
