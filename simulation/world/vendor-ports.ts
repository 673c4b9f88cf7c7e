import { createMarketData } from "../../shared/adapters/gateway/market-data.ts";
import { createStoredBreakerRecords } from "../../shared/adapters/stored/breaker-records.ts";
import type { ItemStore } from "../../shared/adapters/stored/item-store.ts";
import type { AskedVendor } from "../../shared/domain/market/vendor-policy.ts";
import { err, ok } from "../../shared/domain/result.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import type { BreakerRecords } from "../../shared/ports/breaker-records.ts";
import type { MarketData, VendorMarketData } from "../../shared/ports/market-data.ts";
import type { FunctionPorts } from "../../local/function-ports.ts";
import type { CallPort, CallTime } from "../faults/port-calls.ts";
import type { Reachable } from "./reachable.ts";
import { faultOf } from "./broker-side.ts";
import { DATA_VENDORS } from "./simulated-vendors.ts";

/** What the gateway of an environment stands on, beside what every port does. */
export type VendorPortDeps = Pick<FunctionPorts, "telemetry" | "alerts" | "clock" | "random"> & {
  readonly reach: Reachable;
  readonly call: CallPort;
  readonly telemetryItems: ItemStore;
  readonly settings: Settings;
};

const VENDOR_TIME: CallTime = { leastMs: 6, spreadMs: 24 };
/** Points of a quiet market. */
const VOLATILITY_INDEX = 18;

/**
 * The production gateway over four vendors. It is made when it is first asked: most environments
 * never ask it.
 */
export const createGatewayPort = (deps: VendorPortDeps): MarketData => {
  let gateway: MarketData | undefined;
  const made = (): MarketData => (gateway ??= connect(deps));
  return {
    fetchSnapshots: (symbols, limits) => made().fetchSnapshots(symbols, limits),
    fetchVolatilityIndex: (limits) => made().fetchVolatilityIndex(limits),
    tend: async () => gateway?.tend?.(),
  };
};

const connect = (deps: VendorPortDeps): MarketData => {
  const { reach, settings, clock, random, telemetry, alerts, telemetryItems } = deps;
  const vendors = DATA_VENDORS.map((vendor) => [vendor, createVendorPort(deps, vendor)] as const);
  return createMarketData({
    // Each vendor has one entry.
    vendors: Object.fromEntries(vendors),
    clock,
    timers: reach.timers,
    random,
    settings,
    telemetry,
    breakers: watchBreakers(
      createStoredBreakerRecords(telemetryItems, { region: settings.region }),
      reach,
    ),
    alerts,
  });
};

const createVendorPort = (
  { reach, call }: VendorPortDeps,
  vendor: AskedVendor,
): VendorMarketData => {
  const place = reach.placeOf(`market-data.${vendor}`);
  return {
    vendor,
    symbolsPerRequest: vendor === "yahoo" ? 1 : 250,
    fetchSnapshots: (symbols) => {
      const actor = reach.actorOf();
      reach.observe({ type: "vendorAsked", actor, vendor, symbols: symbols.length });
      return call({
        place,
        time: VENDOR_TIME,
        effect: (occasion) =>
          reach.vendorSide.fetchSnapshots({ vendor, symbols, occasion, where: place.name }),
        lost: (detail) => err({ ...faultOf("NETWORK", detail), vendor }),
      });
    },
    fetchVolatilityIndex: async () => ok(VOLATILITY_INDEX),
  };
};

/** Tells what an environment has read of the breakers that all share, and what it wrote. */
const watchBreakers = (
  records: BreakerRecords,
  { observe, actorOf }: Reachable,
): BreakerRecords => ({
  load: records.load,
  list: async () => {
    const actor = actorOf();
    const breakers = await records.list();
    if (breakers.length > 0) observe({ type: "breakersRead", actor, breakers });
    return breakers;
  },
  save: async (name, breaker, version) => {
    const actor = actorOf();
    const saved = await records.save(name, breaker, version);
    if (saved.ok) observe({ type: "breakerWritten", actor, name, breaker });
    return saved;
  },
});
