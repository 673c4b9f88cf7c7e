import type { MarketMoment } from "../domain/market/calendar.ts";
import type { Result } from "../domain/result.ts";
import type { VendorFault } from "./vendor-fault.ts";

/** Whether the market is open: the exchange's rules and the broker's clock must both say so. */
export type MarketCalendar = {
  readonly momentOf: (nowMs: number) => Promise<Result<MarketMoment, VendorFault>>;
};
