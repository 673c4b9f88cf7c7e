import { createExchange, type Exchange } from "../../../local/exchange/core/exchange.ts";
import { isListed } from "../../../local/exchange/api/exchange-api.ts";
import type { Fault } from "../../../local/exchange/faults/fault.ts";
import {
  createFaultControl,
  type FaultControl,
} from "../../../local/exchange/faults/fault-control.ts";
import { createSeededFeed } from "../../../local/exchange/prices/seeded-feed.ts";
import { startExchangeServer } from "../../../local/exchange/server.ts";
import { usd } from "../../../shared/domain/market/money.ts";
import { IBM, SPY, TEN_O_CLOCK_MS } from "./core/market.ts";

export const credentials = {
  alpacaKeyId: "key",
  alpacaSecretKey: "secret",
  unusualWhalesToken: "token",
};

const HEADERS = { "apca-api-key-id": "key", "apca-api-secret-key": "secret" };

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of many shapes.
  readonly body: any;
};

export type TestServer = {
  readonly url: string;
  readonly exchange: Exchange;
  readonly faults: FaultControl;
  readonly arm: (fault: Partial<Fault> & Pick<Fault, "name">) => Promise<Answer>;
  readonly passMs: (ms: number) => void;
  readonly nowMs: () => number;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** A server on a clock that moves only when the test says so. */
export const startTestServer = async (
  options: { readonly requestsPerMinute?: number; readonly nowMs?: number } = {},
): Promise<TestServer> => {
  let now = options.nowMs ?? TEN_O_CLOCK_MS;
  const feed = createSeededFeed({ seed: "test", symbols: [SPY, IBM] });
  const faults = createFaultControl(() => 0);
  const exchange = createExchange({
    name: "test",
    startsAtMs: now,
    startingCash: usd(100_000),
    isKnownSymbol: isListed(feed),
  });
  const clock = { nowMs: () => now, monotonicMs: () => now };
  const server = await startExchangeServer({
    exchange,
    feed,
    faults,
    clock,
    credentials,
    flowRoutes: [],
    requestsPerMinute: options.requestsPerMinute ?? 100_000,
    port: 0,
    onFault: (cause) => {
      throw cause;
    },
  });
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(server.url + path, {
      method,
      headers: HEADERS,
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
  };
  return {
    url: server.url,
    exchange,
    faults,
    arm: (fault) => ask("POST", "/_faults", fault),
    passMs: (ms) => {
      now += ms;
    },
    nowMs: () => now,
    ask,
    close: server.close,
  };
};
