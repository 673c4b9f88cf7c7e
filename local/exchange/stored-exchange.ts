import * as z from "zod";
import type { Money } from "../../shared/domain/market/money.ts";
import type { Price } from "../../shared/domain/market/price.ts";
import type { Quantity } from "../../shared/domain/market/quantity.ts";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import type { Fill } from "./core/fill.ts";
import type { AccountState } from "./core/journal.ts";
import type { Order } from "./core/order.ts";
import type { Position } from "./core/position.ts";

// Numbers in fixed point are safe integers in storage; which kind each is, its field says.
const money = z.int().transform((units) => units as Money);
const price = z.int().transform((units) => units as Price);
const quantity = z.int().transform((units) => units as Quantity);
const time = z.number();
const maybeTime = time.optional();
const symbol = z.string().transform((text, context) => {
  const ticker = parseTicker(text);
  if (ticker !== undefined) return ticker;
  context.addIssue({ code: "custom", message: "is not a symbol" });
  return z.NEVER;
});
const side = z.enum(["buy", "sell"]);
const status = z.enum([
  "accepted",
  "pending_new",
  "new",
  "held",
  "partially_filled",
  "pending_cancel",
  "filled",
  "canceled",
  "expired",
  "replaced",
]);

/** How the account is kept as JSON. */
export const StoredAccount: z.ZodType<AccountState> = z.object({
  cash: money,
  lastEquity: money,
  suspendTrade: z.boolean(),
  noShorting: z.boolean(),
  orderSequence: z.int(),
  fillSequence: z.int(),
  createdAtMs: time,
  nowMs: time,
});

/** How a position is kept as JSON. */
export const StoredPosition: z.ZodType<Position> = z.object({ symbol, quantity, costBasis: money });

/** How an execution is kept as JSON. */
export const StoredFill: z.ZodType<Fill> = z.object({
  executionId: z.string(),
  sequence: z.int(),
  orderId: z.string(),
  symbol,
  side,
  quantity,
  price,
  cumulativeQuantity: quantity,
  leavesQuantity: quantity,
  orderStatus: status,
  atMs: time,
});

const OrderFields = z.object({
  id: z.string(),
  sequence: z.int(),
  clientOrderId: z.string(),
  symbol,
  side,
  type: z.enum(["market", "limit", "stop", "stop_limit"]),
  timeInForce: z.enum(["day", "gtc", "opg", "cls", "ioc", "fok"]),
  orderClass: z.enum(["simple", "bracket", "oco", "oto"]),
  role: z.enum(["single", "entry", "takeProfit", "stopLoss"]),
  positionIntent: z.enum(["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"]),
  quantity,
  notional: money.optional(),
  limitPrice: price.optional(),
  stopPrice: price.optional(),
  extendedHours: z.boolean(),
  status,
  filledQuantity: quantity,
  filledNotional: money,
  isTriggered: z.boolean(),
  reservePrice: price,
  parentId: z.string().optional(),
  legIds: z.array(z.string()),
  siblingId: z.string().optional(),
  replaces: z.string().optional(),
  replacedBy: z.string().optional(),
  createdAtMs: time,
  updatedAtMs: time,
  filledAtMs: maybeTime,
  canceledAtMs: maybeTime,
  expiredAtMs: maybeTime,
  replacedAtMs: maybeTime,
  activeFromMs: time,
  expiresAtMs: time,
  cancelDueAtMs: maybeTime,
});

/** How an order is kept as JSON, which drops what is undefined: an order has all its fields. */
export const StoredOrder: z.ZodType<Order> = OrderFields.transform((stored) => ({
  ...stored,
  notional: stored.notional,
  limitPrice: stored.limitPrice,
  stopPrice: stored.stopPrice,
  parentId: stored.parentId,
  siblingId: stored.siblingId,
  replaces: stored.replaces,
  replacedBy: stored.replacedBy,
  filledAtMs: stored.filledAtMs,
  canceledAtMs: stored.canceledAtMs,
  expiredAtMs: stored.expiredAtMs,
  replacedAtMs: stored.replacedAtMs,
  cancelDueAtMs: stored.cancelDueAtMs,
}));
