import * as z from "zod";
import { parseMoney } from "../../../shared/domain/market/money.ts";
import { parsePrice } from "../../../shared/domain/market/price.ts";
import { parseQuantity } from "../../../shared/domain/market/quantity.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { err, ok, type Result } from "../../../shared/domain/result.ts";
import type { OrderRequest, ReplaceRequest } from "../core/order.ts";
import { alpacaError, type RouteAnswer } from "./api.ts";

// Alpaca takes numbers as strings and as numbers, and ignores fields that it does not know.
const decimal = <Value>(parse: (text: string) => Value | undefined) =>
  z
    .union([z.string(), z.number()])
    .transform((raw, context) => {
      const value = parse(String(raw));
      if (value !== undefined) return value;
      context.addIssue({ code: "custom", message: "is not a valid number" });
      return z.NEVER;
    })
    .nullish()
    .transform((value) => value ?? undefined);

const quantity = decimal(parseQuantity);
const price = decimal(parsePrice);
const timeInForce = z.enum(["day", "gtc", "opg", "cls", "ioc", "fok"]);
const requiredPrice = price.refine((value) => value !== undefined, "is required");

const OrderBody = z.object({
  symbol: z.string().min(1),
  side: z.enum(["buy", "sell"]),
  type: z.enum(["market", "limit", "stop", "stop_limit"]),
  time_in_force: timeInForce,
  qty: quantity,
  notional: decimal(parseMoney),
  limit_price: price,
  stop_price: price,
  client_order_id: z.string().max(128).nullish(),
  order_class: z.enum(["", "simple", "bracket", "oco", "oto"]).nullish(),
  position_intent: z
    .enum(["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"])
    .nullish(),
  extended_hours: z.boolean().nullish(),
  take_profit: z.object({ limit_price: requiredPrice }).nullish(),
  stop_loss: z.object({ stop_price: requiredPrice, limit_price: price }).nullish(),
});

const ReplaceBody = z.object({
  qty: quantity,
  limit_price: price,
  stop_price: price,
  time_in_force: timeInForce.nullish(),
  client_order_id: z.string().max(128).nullish(),
});

/** Reads the body of POST /v2/orders, or says what Alpaca answers to it. */
export const parseOrderBody = (body: string): Result<OrderRequest, RouteAnswer> => {
  const parsed = parseBody(body, OrderBody);
  if (!parsed.ok) return parsed;
  const order = parsed.value;
  const symbol = parseTicker(order.symbol);
  if (symbol === undefined) {
    return err(alpacaError(422, 42210000, `asset "${order.symbol}" not found`));
  }
  // An OCO order may bring its limit as take_profit.limit_price.
  const isPair = order.order_class === "oco";
  const profitPrice = order.take_profit?.limit_price;
  const stopLoss = order.stop_loss ?? undefined;
  return ok({
    symbol,
    side: order.side,
    type: order.type,
    timeInForce: order.time_in_force,
    quantity: order.qty,
    notional: order.notional,
    limitPrice: order.limit_price ?? (isPair ? profitPrice : undefined),
    stopPrice: order.stop_price,
    // An empty id counts as none.
    clientOrderId: order.client_order_id || undefined,
    orderClass: order.order_class || "simple",
    positionIntent: order.position_intent ?? undefined,
    extendedHours: order.extended_hours ?? false,
    takeProfit: isPair || profitPrice === undefined ? undefined : { limitPrice: profitPrice },
    stopLoss:
      stopLoss?.stop_price === undefined
        ? undefined
        : { stopPrice: stopLoss.stop_price, limitPrice: stopLoss.limit_price },
  });
};

/** Reads the body of PATCH /v2/orders/{id}, or says what Alpaca answers to it. */
export const parseReplaceBody = (body: string): Result<ReplaceRequest, RouteAnswer> => {
  const parsed = parseBody(body, ReplaceBody);
  if (!parsed.ok) return parsed;
  const change = parsed.value;
  return ok({
    quantity: change.qty,
    limitPrice: change.limit_price,
    stopPrice: change.stop_price,
    timeInForce: change.time_in_force ?? undefined,
    clientOrderId: change.client_order_id || undefined,
  });
};

/** Reads a JSON body by a schema; malformed JSON is 400, a body that does not fit is 422. */
export const parseBody = <Value>(
  body: string,
  schema: z.ZodType<Value>,
): Result<Value, RouteAnswer> => {
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch {
    return err(alpacaError(400, 40010000, "request body format is invalid"));
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "request";
  return err(alpacaError(422, 40010001, `${field} ${issue?.message ?? "is invalid"}`));
};
