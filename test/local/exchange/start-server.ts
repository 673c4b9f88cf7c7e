import { isListed } from "../../../local/exchange/api/exchange-api.ts";
import { createFlowRoutes } from "../../../local/exchange/api/flow-routes.ts";
import { createExchange, type Exchange } from "../../../local/exchange/core/exchange.ts";
import {
  createFaultControl,
  type FaultControl,
} from "../../../local/exchange/faults/fault-control.ts";
import { createSeededFlow } from "../../../local/exchange/flow/seeded-flow.ts";
import { startExchangeServer } from "../../../local/exchange/server.ts";
import { createSeededFeed } from "../../../local/exchange/prices/seeded-feed.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { IBM, SPY, TEN_O_CLOCK_MS } from "./core/market.ts";

const CREDENTIALS = {
  alpacaKeyId: "key",
  alpacaSecretKey: "secret",
  unusualWhalesToken: "token",
  polygonKey: "polygon",
  tiingoToken: "tiingo",
};

const HEADERS = {
  "apca-api-key-id": "key",
  "apca-api-secret-key": "secret",
  authorization: "Bearer token",
};

type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of many shapes.
  readonly body: any;
};

export type TestServer = {
  readonly url: string;
  readonly exchange: Exchange;
  readonly faults: FaultControl;
  readonly passMs: (ms: number) => void;
  readonly nowMs: () => number;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** A server on a clock that moves only when the test says so. */
export const startTestServer = async (
  options: { readonly requestsPerMinute?: number } = {},
): Promise<TestServer> => {
  let now = TEN_O_CLOCK_MS;
  const feed = createSeededFeed({ seed: "test", symbols: [SPY, IBM] });
  const faults = createFaultControl(() => 0.5);
  const exchange = createExchange({
    name: "test",
    startsAtMs: now,
    startingCash: usd(100_000),
    cancelLatencyMs: 50,
    isKnownSymbol: isListed(feed),
  });
  const server = await startExchangeServer({
    exchange,
    feed,
    flowRoutes: createFlowRoutes(createSeededFlow({ seed: "test", feed })),
    faults,
    clock: { nowMs: () => now, monotonicMs: () => now },
    credentials: CREDENTIALS,
    requestsPerMinute: options.requestsPerMinute ?? 100_000,
    port: 0,
    onFault: (cause) => {
      throw cause;
    },
  });
  return {
    url: server.url,
    exchange,
    faults,
    passMs: (ms) => {
      now += ms;
    },
    nowMs: () => now,
    ask: async (method, path, body) => {
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      const response = await fetch(server.url + path, {
        method,
        headers: HEADERS,
        ...(body === undefined ? {} : { body: sent }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
    close: server.close,
  };
};
