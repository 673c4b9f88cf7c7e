import { createExchange, type Exchange } from "../../local/exchange/core/exchange.ts";
import { isListed } from "../../local/exchange/api/exchange-api.ts";
import { createFlowRoutes } from "../../local/exchange/api/flow-routes.ts";
import {
  createFaultControl,
  type FaultControl,
} from "../../local/exchange/faults/fault-control.ts";
import { createSeededFlow, type SeededFlow } from "../../local/exchange/flow/seeded-flow.ts";
import type { MarketFeed } from "../../local/exchange/prices/market-feed.ts";
import { createSeededFeed } from "../../local/exchange/prices/seeded-feed.ts";
import { startExchangeServer } from "../../local/exchange/server.ts";
import { createHttpClient, type HttpClient } from "../../shared/adapters/http/http-client.ts";
import { usd } from "../../shared/domain/market/money.ts";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import type { Clock } from "../../shared/ports/clock.ts";

/** The simulated exchange behind HTTP, with a client to reach it, on a clock set by hand. */
export type ExchangeWorld = {
  readonly http: HttpClient;
  readonly baseUrl: string;
  readonly credentials: { readonly keyId: string; readonly secretKey: string };
  readonly token: string;
  readonly polygonKey: string;
  readonly tiingoToken: string;
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly prices: MarketFeed;
  readonly seededFlow: SeededFlow;
  readonly faults: FaultControl;
  readonly setNowMs: (nowMs: number) => void;
  readonly close: () => Promise<void>;
};

/** Ten o'clock in New York on a regular day. */
const TEN_O_CLOCK_MS = Date.UTC(2013, 9, 7, 14);

/** Symbols that the exchange lists. */
export const SYMBOLS = ["SPY", "IBM", "BAC"].map((name) => parseTicker(name)!);

/** Starts the exchange; its account has 100,000 USD. */
export const startExchangeWorld = async (startsAtMs = TEN_O_CLOCK_MS): Promise<ExchangeWorld> => {
  let now = startsAtMs;
  const clock = { nowMs: () => now, monotonicMs: () => 0 };
  const feed = createSeededFeed({ seed: "adapters", symbols: SYMBOLS });
  const seededFlow = createSeededFlow({ seed: "adapters", feed });
  const faults = createFaultControl(() => 0);
  const exchange = createExchange({
    name: "adapters",
    startsAtMs,
    startingCash: usd(100_000),
    isKnownSymbol: isListed(feed),
  });
  const server = await startExchangeServer({
    exchange,
    feed,
    faults,
    clock,
    flowRoutes: createFlowRoutes(seededFlow),
    credentials: {
      alpacaKeyId: "key",
      alpacaSecretKey: "secret",
      unusualWhalesToken: "token",
      polygonKey: "polygon-key",
      tiingoToken: "tiingo-token",
    },
    requestsPerMinute: 100_000,
    port: 0,
    onFault: (cause) => {
      throw cause;
    },
  });
  const http = createHttpClient({ clock });
  return {
    http,
    baseUrl: server.url,
    credentials: { keyId: "key", secretKey: "secret" },
    token: "token",
    polygonKey: "polygon-key",
    tiingoToken: "tiingo-token",
    clock,
    exchange,
    prices: feed,
    seededFlow,
    faults,
    setNowMs: (nowMs) => {
      now = nowMs;
    },
    close: async () => {
      http.close();
      await server.close();
    },
  };
};
