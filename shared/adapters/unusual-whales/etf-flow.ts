import * as z from "zod";
import { fundFlowLeanOf } from "../../domain/signals/evidence/fund-flow-lean.ts";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireCount, WireDate } from "./wire-types.ts";

/** Days that count: one day's creations may only settle the day before. */
const DAYS = 5;

/** Shares that a fund created or redeemed in its latest days; a stock has none, and is no gap. */
export const etfFlowEndpoint: Endpoint = {
  name: "etf-flow",
  scope: "symbol",
  intervalMs: 6 * 60 * 60_000,
  path: (symbol) => `/api/etfs/${encodeURIComponent(symbol)}/in-outflow`,
  contract: () =>
    Outflows.transform(({ data }) => {
      const { atMs } = newestOf(data, (day) => day.date);
      const latest = data.toSorted((left, right) => right.date - left.date).slice(0, DAYS);
      const lean = fundFlowLeanOf(
        latest.map(({ change, volume }) => ({ changedShares: change, tradedShares: volume })),
      );
      return lean === undefined ? {} : { etfFlow: { ...lean, observedAtMs: atMs } };
    }),
};

const Outflows = z.object({
  data: z
    .array(
      z.object({
        date: WireDate,
        change: WireCount,
        volume: WireCount.refine((volume) => volume >= 0, "expected a volume"),
      }),
    )
    .max(2_000),
});
