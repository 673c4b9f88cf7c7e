import type { Snapshot } from "../../domain/market/quote.ts";
import { scalePrice } from "../../domain/market/price.ts";
import { err, ok } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Flow } from "../../ports/flow.ts";
import type { MarketData, VendorMarketData } from "../../ports/market-data.ts";
import type { Pause } from "../../ports/pause.ts";
import { alpacaFault } from "./chaos-broker.ts";
import type { ChaosControl } from "./chaos-control.ts";

const STALE_MS = 10 * 60_000;
const WRONG_FACTOR = 1.2;
const HANG_MAX_MS = 5_000;

/** A vendor as chaos leaves it: what strikes a single one strikes Alpaca, which is asked first. */
export const createChaosVendor = (
  data: VendorMarketData,
  chaos: ChaosControl,
  { clock, pause }: { readonly clock: Clock; readonly pause: Pause },
): VendorMarketData => {
  const isGone = (): boolean => chaos.isOn("vendors_down", "network_split");
  if (data.vendor !== "alpaca") {
    const { vendor } = data;
    const gone = { ...alpacaFault("NETWORK", "Chaos: no answer."), vendor } as const;
    return {
      ...data,
      fetchSnapshots: async (symbols, limits) =>
        isGone() ? err(gone) : data.fetchSnapshots(symbols, limits),
    };
  }
  return {
    ...data,
    fetchSnapshots: async (symbols, limits) => {
      if (isGone() || chaos.isOn("alpaca_down", "vendor_down"))
        return err(alpacaFault("NETWORK", "Chaos: no answer."));
      if (chaos.isOn("invalid_creds")) return err(alpacaFault("AUTH_ERROR", "Chaos: the key."));
      if (chaos.isOn("vendor_hang")) {
        const leftMs = (limits?.deadlineMs ?? Infinity) - clock.monotonicMs();
        await pause.wait(Math.max(0, Math.min(HANG_MAX_MS, leftMs)));
        return err(alpacaFault("NETWORK", "Chaos: it never answered."));
      }
      const answer = await data.fetchSnapshots(symbols, limits);
      if (!answer.ok) return answer;
      if (chaos.isOn("vendor_stale")) {
        return ok({ ...answer.value, snapshots: answer.value.snapshots.map(makeStale) });
      }
      if (chaos.isOn("vendor_wrong_prices")) {
        return ok({ ...answer.value, snapshots: answer.value.snapshots.map(makeWrong) });
      }
      return answer;
    },
  };
};

/** The same vendors, each changed. */
export const mapVendors = <Vendors extends Readonly<Partial<Record<string, VendorMarketData>>>>(
  vendors: Vendors,
  change: (vendor: VendorMarketData) => VendorMarketData,
): Readonly<Partial<Record<keyof Vendors, VendorMarketData>>> => {
  const changed = Object.entries(vendors).map(([name, vendor]) => [name, vendor && change(vendor)]);
  return Object.fromEntries(changed) as Readonly<Partial<Record<keyof Vendors, VendorMarketData>>>;
};

/**
 * The one door to all vendors as `function_crash` leaves it, where its caller dies of a bug, and
 * `symbol_lost`, where nobody knows the first symbol.
 */
export const createChaosDoor = (marketData: MarketData, chaos: ChaosControl): MarketData => ({
  ...marketData,
  fetchSnapshots: async (symbols, limits) => {
    if (chaos.isOn("function_crash")) throw new TypeError("Chaos: a bug.");
    const answer = await marketData.fetchSnapshots(symbols, limits);
    const [lost] = symbols;
    if (!answer.ok || lost === undefined || !chaos.isOn("symbol_lost")) return answer;
    const isKnown = ({ symbol }: Snapshot): boolean => symbol !== lost;
    const { snapshots, missing, witnesses = [] } = answer.value;
    return ok({
      ...answer.value,
      missing: [...new Set([...missing, lost])],
      snapshots: snapshots.filter(isKnown),
      witnesses: witnesses.filter(isKnown),
    });
  },
});

/** The flow as `flow_down` and `schema_drift` leave it. */
export const createChaosFlow = (flow: Flow, chaos: ChaosControl): Flow => ({
  ...flow,
  fetchEvidence: async (symbols) => {
    const fault = { type: "VendorFault", vendor: "unusual-whales" } as const;
    if (chaos.isOn("flow_down", "network_split")) {
      return err({ ...fault, class: "NETWORK", detail: "Chaos: no answer." });
    }
    if (chaos.isOn("schema_drift")) {
      return err({ ...fault, class: "SCHEMA_ERROR", detail: "Chaos: data.0.total_premium." });
    }
    return flow.fetchEvidence(symbols);
  },
});

const old = (atMs: number | undefined) => (atMs === undefined ? undefined : atMs - STALE_MS);

const makeStale = (snapshot: Snapshot): Snapshot => {
  const { quote, trade } = snapshot;
  return {
    ...snapshot,
    quote: quote && { ...quote, exchangeTimeMs: old(quote.exchangeTimeMs) },
    trade: trade && { ...trade, exchangeTimeMs: old(trade.exchangeTimeMs) },
  };
};

const makeWrong = (snapshot: Snapshot): Snapshot => {
  const { quote, trade } = snapshot;
  return {
    ...snapshot,
    quote: quote && {
      ...quote,
      bid: scalePrice(quote.bid, WRONG_FACTOR),
      ask: scalePrice(quote.ask, WRONG_FACTOR),
    },
    trade: trade && { ...trade, price: scalePrice(trade.price, WRONG_FACTOR) },
  };
};
