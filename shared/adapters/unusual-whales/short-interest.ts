import * as z from "zod";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireDate, WireFloat } from "./wire-types.ts";

/** How much of the float is sold short, and how many days of volume would buy it back. */
export const shortInterestEndpoint: Endpoint = {
  name: "short-interest",
  scope: "symbol",
  intervalMs: 12 * 60 * 60_000,
  path: (symbol) => `/api/shorts/${encodeURIComponent(symbol)}/interest-float/v2`,
  contract: () =>
    Interests.transform(({ data }) => {
      const { atMs, elements } = newestOf(data, (day) => day.market_date);
      const day = elements.at(-1);
      if (day === undefined) return {};
      const { short_interest: short, total_float: float, days_to_cover_returned: days } = day;
      return {
        shorts: {
          shortInterestShare: float > 0 ? short / float : undefined,
          daysToCover: days ?? undefined,
          failsToDeliver: undefined,
          observedAtMs: atMs,
        },
      };
    }),
};

const Amount = WireFloat.refine((amount) => amount >= 0, "expected an amount");

const Interests = z.object({
  data: z
    .array(
      z.object({
        market_date: WireDate,
        short_interest: Amount,
        total_float: Amount,
        days_to_cover_returned: Amount.nullish(),
      }),
    )
    .max(2_000),
});
