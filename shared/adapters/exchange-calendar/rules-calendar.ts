import { marketPhase } from "../../domain/market/calendar.ts";
import { ok } from "../../domain/result.ts";
import type { MarketCalendar } from "../../ports/calendar.ts";

/** The market by the exchange's rules alone, for replay, where there is no broker to ask. */
export const createRulesCalendar = (): MarketCalendar => ({
  momentOf: (nowMs) => Promise.resolve(ok(marketPhase(nowMs))),
});
