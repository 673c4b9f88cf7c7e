import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import { createAlpacaMarketData } from "../alpaca/market-data.ts";
import type { AlpacaCredentials } from "../alpaca/connection.ts";
import type { HttpClient } from "../http/http-client.ts";
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
  const reach = (baseUrl: string) => ({ http, clock, baseUrl });
  return {
    alpaca: createAlpacaMarketData({
      ...reach(alpaca.url),
      credentials: alpaca.credentials,
      feed: settings.marketData.alpacaFeed,
    }),
    ...(polygon.key === undefined
      ? {}
      : { polygon: createPolygonMarketData({ ...reach(polygon.url), apiKey: polygon.key }) }),
    yahoo: createYahooMarketData(reach(yahoo.url)),
    ...(tiingo.token === undefined
      ? {}
      : { tiingo: createTiingoMarketData({ ...reach(tiingo.url), token: tiingo.token }) }),
  };
};
