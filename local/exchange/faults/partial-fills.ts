import { QUANTITY_UNITS_PER_SHARE, type Quantity } from "../../../shared/domain/market/quantity.ts";
import type { OfferShares } from "../core/state.ts";
import type { FaultControl } from "./fault-control.ts";

/**
 * Offers all that is displayed, or the part that a partialFill fault leaves; at least one share.
 */
export const createPartialFills =
  (faults: FaultControl): OfferShares =>
  (_order, available) => {
    const fault = faults.strike("partialFill", "");
    if (fault === undefined) return available;
    return Math.max(QUANTITY_UNITS_PER_SHARE, Math.floor(available * fault.fraction)) as Quantity;
  };
