import type { Money } from "../../../shared/domain/market/money.ts";
import type { Quantity } from "../../../shared/domain/market/quantity.ts";
import type { Ticker } from "../../../shared/domain/market/ticker.ts";
import type { OrderStatus } from "./order.ts";

/** Why the exchange refuses a request; the HTTP layer gives each the code that Alpaca gives it. */
export type Refusal =
  | { readonly type: "InvalidRequest"; readonly sentence: string }
  | { readonly type: "Unprocessable"; readonly sentence: string }
  | { readonly type: "DuplicateClientOrderId"; readonly clientOrderId: string }
  | { readonly type: "AssetNotFound"; readonly symbol: string }
  | {
      readonly type: "InsufficientBuyingPower";
      readonly buyingPower: Money;
      readonly costBasis: Money;
    }
  | {
      readonly type: "InsufficientQuantity";
      readonly symbol: Ticker;
      readonly requested: Quantity;
      readonly available: Quantity;
      readonly existing: Quantity;
      readonly heldForOrders: Quantity;
      readonly relatedOrders: readonly string[];
    }
  | {
      readonly type: "WashTrade";
      readonly existingOrderId: string;
      readonly rejectReason: string;
    }
  | { readonly type: "ShortingNotAllowed" }
  | { readonly type: "TradingSuspended" }
  | { readonly type: "OrderNotFound"; readonly id: string }
  | { readonly type: "PositionNotFound"; readonly symbol: string }
  | { readonly type: "NotCancelable"; readonly status: OrderStatus }
  | { readonly type: "NotReplaceable"; readonly status: OrderStatus };
