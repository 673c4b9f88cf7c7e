import * as z from "zod";
import { institutionalLeanOf } from "../../domain/signals/evidence/institutional-lean.ts";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireCount, WireDate } from "./wire-types.ts";

/** Which institutions own a symbol and how they moved, as they reported it for the quarter. */
export const institutionalEndpoint: Endpoint = {
  name: "institutional",
  scope: "symbol",
  intervalMs: 12 * 60 * 60_000,
  path: (symbol) => `/api/institution/${encodeURIComponent(symbol)}/ownership`,
  contract: () =>
    Owners.transform(({ data }) => {
      const lean = institutionalLeanOf(
        data.map(({ units, units_changed: changedShares }) => ({ shares: units, changedShares })),
      );
      if (lean === undefined) return {};
      const { atMs } = newestOf(data, (owner) => owner.filing_date);
      return { institutional: { ...lean, observedAtMs: atMs } };
    }),
};

const Owners = z.object({
  data: z
    .array(
      z.object({
        units: WireCount.refine((units) => units >= 0, "expected a holding"),
        units_changed: WireCount,
        filing_date: WireDate,
      }),
    )
    .max(2_000),
});
