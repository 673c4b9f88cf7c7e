import * as z from "zod";
import { ZERO_SHARES } from "../../domain/market/quantity.ts";
import type { BrokerLeg, BrokerOrder } from "../../domain/orders/broker-state.ts";
import { orderStatusOf } from "./order-status.ts";
import { PriceText, QuantityText, SymbolText, TimeText } from "./wire-types.ts";

/** A leg of a bracket: the one with a stop price is the stop, the other the target. */
const AlpacaLeg = z
  .object({
    id: z.string().min(1),
    qty: QuantityText,
    stop_price: PriceText.nullish(),
    limit_price: PriceText.nullish(),
    status: z.string().min(1),
    filled_qty: QuantityText,
    filled_avg_price: PriceText.nullable(),
  })
  .transform((wire): BrokerLeg => ({
    brokerOrderId: wire.id,
    role: (wire.stop_price ?? null) === null ? "target" : "stop",
    quantity: wire.qty,
    status: orderStatusOf(wire.status),
    statusText: wire.status,
    filled: wire.filled_qty,
    averagePrice: wire.filled_avg_price,
    price: wire.stop_price ?? wire.limit_price ?? null,
  }));

/** An order as Alpaca writes it, turned into our form; fields beyond the contract are let be. */
export const AlpacaOrder = z
  .object({
    id: z.string().min(1),
    client_order_id: z.string(),
    symbol: SymbolText,
    side: z.enum(["buy", "sell"]),
    type: z.string().min(1),
    qty: QuantityText.nullable(),
    notional: z.string().nullish(),
    limit_price: PriceText.nullable(),
    status: z.string().min(1),
    filled_qty: QuantityText,
    filled_avg_price: PriceText.nullable(),
    submitted_at: TimeText.nullable(),
    legs: z.array(AlpacaLeg).nullish(),
  })
  .transform((wire, context): BrokerOrder => {
    const isByAmount = wire.qty === null && (wire.notional ?? null) !== null;
    if (wire.qty === null && !isByAmount) {
      context.addIssue({ code: "custom", path: ["qty"], message: "expected a quantity as text" });
      return z.NEVER;
    }
    if (wire.filled_qty > ZERO_SHARES && wire.filled_avg_price === null) {
      const message = "expected the price of what is filled";
      context.addIssue({ code: "custom", path: ["filled_avg_price"], message });
      return z.NEVER;
    }
    return {
      brokerOrderId: wire.id,
      clientOrderId: wire.client_order_id,
      symbol: wire.symbol,
      side: wire.side,
      // An order by amount, never one of ours, has no quantity but what is filled of it so far.
      quantity: wire.qty ?? wire.filled_qty,
      pricing: wire.type === "market" || wire.type === "limit" ? wire.type : "other",
      limitPrice: wire.limit_price,
      status: orderStatusOf(wire.status),
      statusText: wire.status,
      filled: wire.filled_qty,
      averagePrice: wire.filled_avg_price,
      submittedAtMs: wire.submitted_at,
      legs: wire.legs ?? [],
    };
  });

/** Whether an order is a bracket's entry whose legs this answer did not show. */
export const lacksLegs = (element: unknown): boolean => {
  const parsed = Bracket.safeParse(element);
  return parsed.success && parsed.data.order_class === "bracket" && !parsed.data.legs?.length;
};

const Bracket = z.object({
  order_class: z.string().nullish(),
  legs: z.array(z.unknown()).nullish(),
});

/** A list of anything; its elements are read one by one. */
export const AlpacaList = z.array(z.unknown());

/**
 * Whether an order or a position is of another kind of asset (crypto, options): Holdfast keeps
 * books on US equities only, and such an element is none of its business.
 */
export const isForeignAsset = (element: unknown): boolean => {
  const parsed = AssetClass.safeParse(element);
  if (!parsed.success) return false;
  const { asset_class: assetClass, order_class: orderClass } = parsed.data;
  return (assetClass ?? "us_equity") !== "us_equity" && assetClass !== ""
    ? true
    : orderClass === "mleg";
};

const AssetClass = z.object({
  asset_class: z.string().nullish(),
  order_class: z.string().nullish(),
});
