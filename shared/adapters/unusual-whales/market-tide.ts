import * as z from "zod";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireMoney, WireTime } from "./wire-types.ts";

/** The net option premium of the whole market so far today; the newest point counts. */
export const marketTideEndpoint: Endpoint = {
  name: "market-tide",
  scope: "market",
  intervalMs: 60_000,
  path: () => "/api/market/market-tide",
  contract: () =>
    Tide.transform(({ data }) => {
      const { atMs, elements } = newestOf(data, (point) => point.timestamp);
      const point = elements.at(-1);
      if (point === undefined) return {};
      return {
        marketTide: {
          netCallPremium: point.net_call_premium,
          netPutPremium: point.net_put_premium,
          observedAtMs: atMs,
        },
      };
    }),
};

const Tide = z.object({
  data: z
    .array(
      z.object({
        timestamp: WireTime,
        net_call_premium: WireMoney,
        net_put_premium: WireMoney,
      }),
    )
    .max(2_000),
});
