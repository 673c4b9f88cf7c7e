import { createExchangeVendor } from "../../local/exchange/ports-vendor-data.ts";
import type { FeedVendor } from "../../local/exchange/vendors/vendor-paths.ts";
import { createAlpacaMarketData } from "../../shared/adapters/alpaca/market-data.ts";
import { createPolygonMarketData } from "../../shared/adapters/polygon/market-data.ts";
import { createTiingoMarketData } from "../../shared/adapters/tiingo/market-data.ts";
import { createYahooMarketData } from "../../shared/adapters/yahoo/market-data.ts";
import type { VendorMarketData } from "../../shared/ports/market-data.ts";
import type { VendorDataWorld } from "../contracts/market-data.ts";
import { startExchangeWorld, SYMBOLS, type ExchangeWorld } from "./exchange-world.ts";

/** Every vendor of market data. */
export const VENDORS: readonly FeedVendor[] = ["alpaca", "polygon", "tiingo", "yahoo"];

/** The adapter of a vendor on the simulated exchange. */
export const adapterOf = (vendor: FeedVendor, world: ExchangeWorld): VendorMarketData => {
  switch (vendor) {
    case "alpaca":
      return createAlpacaMarketData(world);
    case "polygon":
      return createPolygonMarketData({ ...world, apiKey: world.polygonKey });
    case "tiingo":
      return createTiingoMarketData({ ...world, token: world.tiingoToken });
    case "yahoo":
      return createYahooMarketData(world);
  }
};

/** The same vendor in this process. */
export const inProcess = (vendor: FeedVendor, world: ExchangeWorld): VendorMarketData =>
  createExchangeVendor({ ...world, feed: world.prices, vendor });

const FIELDS: Readonly<Record<FeedVendor, string>> = {
  alpaca: "bp",
  polygon: "P",
  tiingo: "bidPrice",
  yahoo: "regularMarketPrice",
};

/** A world of one vendor for the contract suite, over HTTP or in this process. */
export const startVendorWorld = async (
  vendor: FeedVendor,
  make: (vendor: FeedVendor, world: ExchangeWorld) => VendorMarketData,
): Promise<VendorDataWorld> => {
  const world = await startExchangeWorld();
  return {
    marketData: make(vendor, world),
    vendor,
    nowMs: world.clock.nowMs,
    symbols: SYMBOLS,
    faults: world.faults,
    secrets: [world.credentials.secretKey, world.polygonKey, world.tiingoToken],
    field: FIELDS[vendor],
    tellsDelay: vendor === "polygon",
    close: world.close,
  };
};
