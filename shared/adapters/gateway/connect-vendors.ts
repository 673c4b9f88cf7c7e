import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { VendorMarketData } from "../../ports/market-data.ts";
import { createAlpacaMarketData } from "../alpaca/market-data.ts";
import type { AlpacaCredentials } from "../alpaca/connection.ts";
import type { HttpClient } from "../http/http-client.ts";
import { keepConnections } from "../http/keep-connections.ts";
import { createPolygonMarketData } from "../polygon/market-data.ts";
import { createTiingoMarketData } from "../tiingo/market-data.ts";
import { createYahooMarketData } from "../yahoo/market-data.ts";
import type { MarketDataDeps } from "./market-data.ts";

/** Where the vendors of market data answer, without a slash at the end, and with which keys. */
export type VendorAccess = {
  readonly alpaca: { readonly url: string; readonly credentials: AlpacaCredentials };
  /** Without a key the vendor is not asked. */
  readonly polygon: { readonly url: string; readonly key: string | undefined };
  readonly yahoo: { readonly url: string };
  readonly tiingo: { readonly url: string; readonly token: string | undefined };
};

/** More than so many are not opened for a vendor that may never be asked. */
const CONNECTIONS_AHEAD_MAX = 8;

/** Makes the vendors that can be asked: one without its credentials is left out. */
export const connectVendors = (
  access: VendorAccess,
  {
    http,
    clock,
    settings,
  }: {
    readonly http: HttpClient;
    readonly clock: Clock;
    readonly settings: Pick<Settings, "marketData">;
  },
): MarketDataDeps["vendors"] => {
  const { alpaca, polygon, yahoo, tiingo } = access;
  const { alpacaFeed: feed } = settings.marketData;
  const connect = (baseUrl: string, create: (reach: VendorReach) => VendorMarketData) => {
    const { http: kept, counts } = keepConnections(http, clock);
    const vendor = create({ http: kept, clock, baseUrl });
    const prepare = (symbols: number): void => {
      const requests = Math.ceil(symbols / vendor.symbolsPerRequest);
      http.prepare?.(baseUrl, Math.min(requests, CONNECTIONS_AHEAD_MAX));
    };
    return { ...vendor, connections: counts, prepare };
  };
  const { key } = polygon;
  const { token } = tiingo;
  return {
    alpaca: connect(alpaca.url, (reach) =>
      createAlpacaMarketData({ ...reach, credentials: alpaca.credentials, feed }),
    ),
    ...(key === undefined
      ? {}
      : {
          polygon: connect(polygon.url, (reach) =>
            createPolygonMarketData({ ...reach, apiKey: key }),
          ),
        }),
    yahoo: connect(yahoo.url, createYahooMarketData),
    ...(token === undefined
      ? {}
      : {
          tiingo: connect(tiingo.url, (reach) => createTiingoMarketData({ ...reach, token })),
        }),
  };
};

/** How a vendor is reached, whichever it is. */
type VendorReach = {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly baseUrl: string;
};
