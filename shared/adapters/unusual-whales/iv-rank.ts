import * as z from "zod";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireDate, WireFloat, WireTime } from "./wire-types.ts";

/** Where implied volatility stands within its year; written 0 to 1, ours is 0 to 100. */
export const ivRankEndpoint: Endpoint = {
  name: "iv-rank",
  scope: "symbol",
  intervalMs: 60 * 60_000,
  path: (symbol) => `/api/stock/${encodeURIComponent(symbol)}/iv-rank`,
  contract: () =>
    Ranks.transform(({ data }) => {
      const newest = newestOf(data, (day) => day.updated_at ?? day.date);
      const day = newest.elements.at(-1);
      if (day === undefined) return {};
      return { ivRank: { rank: day.iv_rank_1y * 100, observedAtMs: newest.atMs } };
    }),
};

const Ranks = z.object({
  data: z
    .array(
      z.object({
        date: WireDate,
        updated_at: WireTime.nullish(),
        iv_rank_1y: WireFloat.refine((rank) => rank >= 0 && rank <= 1, "expected 0 to 1"),
      }),
    )
    .max(1_000),
});
