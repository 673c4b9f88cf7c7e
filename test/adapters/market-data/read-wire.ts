import { createAlpacaMarketData } from "../../../shared/adapters/alpaca/market-data.ts";
import type { HttpOutcome } from "../../../shared/adapters/http/http-client.ts";
import { createPolygonMarketData } from "../../../shared/adapters/polygon/market-data.ts";
import { createTiingoMarketData } from "../../../shared/adapters/tiingo/market-data.ts";
import { createYahooMarketData } from "../../../shared/adapters/yahoo/market-data.ts";
import type { FeedVendor } from "../../../local/exchange/vendors/vendor-paths.ts";
import { parseTicker, type Ticker } from "../../../shared/domain/market/ticker.ts";
import type { VendorMarketData } from "../../../shared/ports/market-data.ts";
import { memoryHttp } from "../mutated-json.ts";

/** The moment of the samples, epoch ms. */
export const NOW_MS = Date.parse("2013-10-07T13:41:30Z");

/** Symbols by their names. */
export const tickers = (...names: readonly string[]): readonly Ticker[] =>
  names.map((name) => parseTicker(name)!);

/** A vendor's adapter on answers that a test makes up. */
export const adapterOn = (
  vendor: FeedVendor,
  respond: (url: string) => HttpOutcome,
  nowMs = NOW_MS,
): VendorMarketData => {
  const connection = {
    http: memoryHttp(respond),
    baseUrl: "http://data",
    clock: { nowMs: () => nowMs, monotonicMs: () => 0 },
  };
  switch (vendor) {
    case "alpaca":
      return createAlpacaMarketData({
        ...connection,
        credentials: { keyId: "k", secretKey: "the-secret" },
      });
    case "polygon":
      return createPolygonMarketData({ ...connection, apiKey: "the-secret" });
    case "tiingo":
      return createTiingoMarketData({ ...connection, token: "the-secret" });
    case "yahoo":
      return createYahooMarketData(connection);
  }
};
