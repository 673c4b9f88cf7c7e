import { formatMoney } from "../../../shared/domain/market/money.ts";
import { formatQuantity } from "../../../shared/domain/market/quantity.ts";
import type { Refusal } from "../core/refusal.ts";
import { alpacaError, type RouteAnswer } from "./api.ts";

/** What Alpaca answers for each refusal: its HTTP status, its code, its body. */
export const refusalAnswer = (refusal: Refusal): RouteAnswer => {
  switch (refusal.type) {
    case "InvalidRequest":
      return alpacaError(422, 40010001, refusal.sentence);
    case "Unprocessable":
      return alpacaError(422, 42210000, refusal.sentence);
    case "DuplicateClientOrderId":
      return alpacaError(422, 40010001, "client_order_id must be unique");
    case "AssetNotFound":
      return alpacaError(422, 42210000, `asset "${refusal.symbol}" not found`);
    case "InsufficientBuyingPower":
      return alpacaError(403, 40310000, "insufficient buying power", {
        buying_power: formatMoney(refusal.buyingPower),
        cost_basis: formatMoney(refusal.costBasis),
      });
    case "InsufficientQuantity":
      return insufficientQuantity(refusal);
    case "WashTrade":
      return alpacaError(403, 40310000, "potential wash trade detected. use complex orders", {
        existing_order_id: refusal.existingOrderId,
        reject_reason: refusal.rejectReason,
      });
    case "ShortingNotAllowed":
      return alpacaError(403, 40310000, "account is not allowed to short");
    case "TradingSuspended":
      return alpacaError(403, 40310000, "new orders are rejected by user request");
    case "OrderNotFound":
      return alpacaError(404, 40410000, `order not found for ${refusal.id}`);
    case "PositionNotFound":
      return alpacaError(404, 40410000, "position does not exist");
    case "NotCancelable":
      return alpacaError(422, 42210000, `order is already in "${refusal.status}" state`);
    case "NotReplaceable":
      return alpacaError(422, 42210000, `unable to replace order in "${refusal.status}" state`);
  }
};

const insufficientQuantity = (
  refusal: Extract<Refusal, { readonly type: "InsufficientQuantity" }>,
): RouteAnswer => {
  const requested = formatQuantity(refusal.requested);
  const available = formatQuantity(refusal.available);
  return alpacaError(
    403,
    40310000,
    `insufficient qty available for order (requested: ${requested}, available: ${available})`,
    {
      symbol: refusal.symbol,
      available,
      existing_qty: formatQuantity(refusal.existing),
      held_for_orders: formatQuantity(refusal.heldForOrders),
      related_orders: refusal.relatedOrders,
    },
  );
};
