import type { OrderIntent } from "../domain/orders/order-intent.ts";
import type { Approved } from "../domain/risk/guard.ts";
import type { Flow } from "./flow.ts";
import type { MarketData } from "./market-data.ts";

/**
 * Where the probe's order ends. It has nothing that sends: what can take an order to the market is
 * a `Broker`, and this is none.
 */
export type DryRunBroker = {
  readonly take: (approved: Approved<OrderIntent>) => "taken" | "refused";
};

/** The vendors' own adapters, which are handed bytes that no vendor sent. */
export type ProbeVendors = { readonly flow: Flow; readonly marketData: MarketData };

/** Makes the vendors that say the probe's signal as of a moment, epoch ms. */
export type ConnectProbeVendors = (nowMs: number) => ProbeVendors;
