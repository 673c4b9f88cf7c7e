import * as z from "zod";
import { roundToTick } from "../../domain/market/price.ts";
import type { Ticker } from "../../domain/market/ticker.ts";
import type { DarkPoolPrint } from "../../domain/signals/flow.ts";
import { newestOf, type Endpoint } from "./evidence-part.ts";
import { WireFloat, WirePremium, WirePrice, WireTime } from "./wire-types.ts";

/** Prints away from the exchanges, with the quote of their time. */
export const darkPoolEndpoint: Endpoint = {
  name: "dark-pool",
  scope: "symbol",
  intervalMs: 5 * 60_000,
  path: (symbol) => `/api/darkpool/${encodeURIComponent(symbol)}`,
  contract: (symbol) =>
    Prints.transform(({ data }) => {
      const prints = data.map((wire) => printOf(symbol, wire));
      const { atMs } = newestOf(data, (wire) => wire.executed_at);
      return prints.length === 0 ? {} : { darkPool: { prints, observedAtMs: atMs } };
    }),
};

/** How the normal form says that there is no quote. */
const NO_PRICE = roundToTick(0);

const Print = z.object({
  executed_at: WireTime,
  price: WirePrice,
  size: WireFloat.refine((size) => size >= 0, "expected a size"),
  premium: WirePremium,
  nbbo_bid: WirePrice.nullish(),
  nbbo_ask: WirePrice.nullish(),
  canceled: z.boolean(),
});

const Prints = z.object({ data: z.array(Print).max(1_000) });

const printOf = (symbol: Ticker, wire: z.output<typeof Print>): DarkPoolPrint => ({
  symbol,
  price: wire.price,
  size: wire.size,
  notional: wire.premium,
  bid: wire.nbbo_bid ?? NO_PRICE,
  ask: wire.nbbo_ask ?? NO_PRICE,
  isCanceled: wire.canceled,
  executedAtMs: wire.executed_at,
});
