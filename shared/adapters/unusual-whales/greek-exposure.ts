import * as z from "zod";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireDate, WireFloat } from "./wire-types.ts";

/** Dealers' gamma of the newest day: calls' and puts' together, which have opposite signs. */
export const greekExposureEndpoint: Endpoint = {
  name: "greek-exposure",
  scope: "symbol",
  intervalMs: 30 * 60_000,
  path: (symbol) => `/api/stock/${encodeURIComponent(symbol)}/greek-exposure`,
  contract: () =>
    Exposures.transform(({ data }) => {
      const newest = newestOf(data, (day) => day.date);
      const day = newest.elements.at(-1);
      if (day === undefined) return {};
      const gammaExposure = day.call_gamma + day.put_gamma;
      return { greeks: { gammaExposure, observedAtMs: newest.atMs } };
    }),
};

const Exposures = z.object({
  data: z
    .array(z.object({ date: WireDate, call_gamma: WireFloat, put_gamma: WireFloat }))
    .max(2_000),
});
