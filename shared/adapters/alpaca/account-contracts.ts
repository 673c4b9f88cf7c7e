import * as z from "zod";
import { absoluteQuantity } from "../../domain/market/quantity.ts";
import type { BrokerAccount, BrokerPosition } from "../../domain/orders/broker-state.ts";
import type { BrokerClock } from "../../ports/broker.ts";
import { MoneyText, PriceText, QuantityText, SymbolText, TimeText } from "./wire-types.ts";

/**
 * An account. Only what the guard depends on is required: the fields on day trading that Alpaca
 * removed in July 2026 are not among it.
 */
export const AlpacaAccount = z
  .object({
    status: z.string().min(1),
    currency: z.literal("USD").optional(),
    account_blocked: z.boolean(),
    trading_blocked: z.boolean(),
    trade_suspended_by_user: z.boolean(),
    shorting_enabled: z.boolean(),
    equity: MoneyText,
    last_equity: MoneyText,
    cash: MoneyText,
    buying_power: MoneyText,
  })
  .transform((wire): BrokerAccount => ({
    equity: wire.equity,
    lastEquity: wire.last_equity,
    cash: wire.cash,
    buyingPower: wire.buying_power,
    isBlocked:
      wire.status !== "ACTIVE" ||
      wire.account_blocked ||
      wire.trading_blocked ||
      wire.trade_suspended_by_user,
    canShort: wire.shorting_enabled,
  }));

/** A position; a quantity whose sign contradicts its side is refused, never guessed at. */
export const AlpacaPosition = z
  .object({
    symbol: SymbolText,
    side: z.enum(["long", "short"]),
    qty: QuantityText,
    qty_available: QuantityText,
    avg_entry_price: PriceText,
    current_price: PriceText.nullable(),
  })
  .refine((wire) => (wire.side === "short" ? wire.qty <= 0 : wire.qty >= 0), {
    path: ["qty"],
    message: "expected the sign of its side",
  })
  .transform((wire): BrokerPosition => ({
    symbol: wire.symbol,
    quantity: wire.qty,
    averagePrice: wire.avg_entry_price,
    available: absoluteQuantity(wire.qty_available),
    currentPrice: wire.current_price,
  }));

/** The broker's clock. */
export const AlpacaClock = z
  .object({
    timestamp: TimeText,
    is_open: z.boolean(),
    next_open: TimeText,
    next_close: TimeText,
  })
  .transform((wire): BrokerClock => ({
    atMs: wire.timestamp,
    isOpen: wire.is_open,
    nextOpenMs: wire.next_open,
    nextCloseMs: wire.next_close,
  }));
