import * as z from "zod";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireCount, WireDate } from "./wire-types.ts";

/** Shares that were sold and not delivered, on the newest day that is published. */
export const failsToDeliverEndpoint: Endpoint = {
  name: "fails-to-deliver",
  scope: "symbol",
  intervalMs: 12 * 60 * 60_000,
  path: (symbol) => `/api/shorts/${encodeURIComponent(symbol)}/ftds`,
  contract: () =>
    Fails.transform(({ data }) => {
      const { atMs, elements } = newestOf(data, (day) => day.date);
      const day = elements.at(-1);
      return day === undefined
        ? {}
        : { failsToDeliver: { quantity: day.quantity, observedAtMs: atMs } };
    }),
};

const Fails = z.object({
  data: z
    .array(
      z.object({
        date: WireDate,
        quantity: WireCount.refine((quantity) => quantity >= 0, "expected a quantity"),
      }),
    )
    .max(2_000),
});
