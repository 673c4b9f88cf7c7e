import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
} from "../../../../local/exchange/core/exchange.ts";
import type { Order, OrderRequest } from "../../../../local/exchange/core/order.ts";
import type { Refusal } from "../../../../local/exchange/core/refusal.ts";
import { usd } from "../../../../shared/domain/market/money.ts";
import { parsePrice, type Price } from "../../../../shared/domain/market/price.ts";
import { shares } from "../../../../shared/domain/market/quantity.ts";
import { parseTicker, type Ticker } from "../../../../shared/domain/market/ticker.ts";
import type { Result } from "../../../../shared/domain/result.ts";

/** Monday, 2024-03-04, 10:00 in New York. */
export const TEN_O_CLOCK_MS = Date.UTC(2024, 2, 4, 15, 0);
export const CLOSE_MS = Date.UTC(2024, 2, 4, 21, 0);
export const NEXT_OPEN_MS = Date.UTC(2024, 2, 5, 14, 30);

export const SPY: Ticker = parseTicker("SPY")!;
export const IBM: Ticker = parseTicker("IBM")!;

export const price = (text: string): Price => parsePrice(text)!;

export const startExchange = (options: Partial<ExchangeOptions> = {}): Exchange =>
  createExchange({
    name: "test",
    startsAtMs: TEN_O_CLOCK_MS,
    startingCash: usd(100_000),
    ...options,
  });

export const quote = (
  exchange: Exchange,
  bid: string,
  ask: string,
  at: { readonly size?: number; readonly nowMs?: number; readonly symbol?: Ticker } = {},
): void => {
  const { size = 1_000, nowMs = exchange.nowMs(), symbol = SPY } = at;
  const sizes = { bidSize: size, askSize: size };
  exchange.onQuote({ symbol, bid: price(bid), ask: price(ask), ...sizes }, nowMs);
};

export const buy = (count: number, more: Partial<OrderRequest> = {}): OrderRequest => ({
  symbol: SPY,
  side: "buy",
  type: "market",
  timeInForce: "day",
  quantity: shares(count),
  ...more,
});

export const sell = (count: number, more: Partial<OrderRequest> = {}): OrderRequest =>
  buy(count, { side: "sell", ...more });

export const accepted = (result: Result<Order, Refusal>): Order => {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.error)}`);
  return result.value;
};

export const refused = (result: Result<Order, Refusal>): Refusal => {
  if (result.ok) throw new Error("The order was accepted.");
  return result.error;
};
