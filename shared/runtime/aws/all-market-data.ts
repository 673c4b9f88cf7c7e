import {
  createChaosDoor,
  createChaosVendor,
  mapVendors,
} from "../../adapters/chaos/chaos-vendors.ts";
import { connectVendors } from "../../adapters/gateway/connect-vendors.ts";
import { createMarketData } from "../../adapters/gateway/market-data.ts";
import { createHostClock } from "../../adapters/host/clock.ts";
import { createHostPause } from "../../adapters/host/pause.ts";
import { createHostRandom } from "../../adapters/host/random.ts";
import { createHostTimers } from "../../adapters/host/timers.ts";
import { createHttpClient } from "../../adapters/http/http-client.ts";
import { BETWEEN_POLLS } from "../../adapters/http/keep-connections.ts";
import { createStoredBreakerRecords } from "../../adapters/stored/breaker-records.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Alerts } from "../../ports/alerts.ts";
import type { MarketData } from "../../ports/market-data.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { connectChaos, underChaos, type ChaosEnvironment } from "./chaos.ts";
import { BrokerSecret, readSecret, VendorKeysSecret } from "./read-secret.ts";
import { createTelemetryItems } from "./tables.ts";
import { withoutSlash } from "./without-slash.ts";

/** Where the vendors are, and what holds their keys. */
export type AllMarketDataEnvironment = ChaosEnvironment & {
  readonly TELEMETRY_TABLE: string;
  readonly BROKER_SECRET_ARN: string;
  readonly VENDOR_KEYS_SECRET_ARN: string;
  readonly MARKET_DATA_URL: string;
  readonly POLYGON_URL: string;
  readonly YAHOO_URL: string;
  readonly TIINGO_URL: string;
};

/** The vendors of market data behind the gateway; one whose key is not there is not asked. */
export const connectAllMarketData = async (
  environment: AllMarketDataEnvironment,
  world: {
    readonly settings: Settings;
    readonly telemetry: Telemetry;
    readonly alerts: Alerts;
  },
): Promise<MarketData & { readonly resetConnections: () => void }> => {
  const { HOLDFAST_REGION: region } = environment;
  const [credentials, keys] = await Promise.all([
    readSecret({ region, arn: environment.BROKER_SECRET_ARN, name: "broker" }, BrokerSecret),
    readSecret(
      { region, arn: environment.VENDOR_KEYS_SECRET_ARN, name: "vendor-keys" },
      VendorKeysSecret,
    ),
  ]);
  const clock = createHostClock();
  const http = createHttpClient({ clock }, BETWEEN_POLLS);
  const chaos = connectChaos(environment);
  const pause = createHostPause();
  const reached = connectVendors(
    {
      alpaca: { url: withoutSlash(environment.MARKET_DATA_URL), credentials },
      polygon: { url: withoutSlash(environment.POLYGON_URL), key: keys.polygonKey },
      yahoo: { url: withoutSlash(environment.YAHOO_URL) },
      tiingo: { url: withoutSlash(environment.TIINGO_URL), token: keys.tiingoToken },
    },
    { http, clock, settings: world.settings },
  );
  const marketData = createMarketData({
    ...world,
    vendors:
      chaos === undefined
        ? reached
        : mapVendors(reached, (vendor) => createChaosVendor(vendor, chaos, { clock, pause })),
    clock,
    timers: createHostTimers(),
    random: createHostRandom(),
    breakers: createStoredBreakerRecords(createTelemetryItems(environment), { region }),
  });
  const door = underChaos(marketData, environment, createChaosDoor);
  return { ...door, resetConnections: http.close };
};
