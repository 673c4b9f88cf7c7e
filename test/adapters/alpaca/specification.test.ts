import { existsSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { createAlpacaBroker } from "../../../shared/adapters/alpaca/broker.ts";
import { createAlpacaMarketData } from "../../../shared/adapters/alpaca/market-data.ts";
import { orderStatusOf } from "../../../shared/adapters/alpaca/order-status.ts";
import type { HttpClient, HttpRequest } from "../../../shared/adapters/http/http-client.ts";
import { parseTicker } from "../../../shared/domain/market/ticker.ts";
import { approve, intentWith } from "../approved-intent.ts";
import { answerWith } from "../mutated-json.ts";
import {
  accountSample,
  clockSample,
  orderSample,
  positionSample,
  snapshotsSample,
} from "./wire-samples.ts";

const tradingFile = new URL("../../../../shared/specs/alpaca-trading-api.json", import.meta.url);
const dataFile = new URL("../../../../shared/specs/alpaca-market-data-api.json", import.meta.url);
const hasNone = !existsSync(tradingFile) || !existsSync(dataFile);
const note = "(skipped where Alpaca's specifications are not beside the project)";

const nowMs = Date.parse("2013-10-07T13:41:30Z");
const clock = { nowMs: () => nowMs, monotonicMs: () => 0 };
const credentials = { keyId: "k", secretKey: "s" };

const validatorOf = (file: URL) => {
  const specification: object = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addFormat("decimal", /^-?\d+(\.\d+)?$/).addSchema(specification, "spec");
  return (pointer: string, value: unknown): readonly string[] => {
    const validate = ajv.getSchema(`spec#${pointer}`);
    if (validate === undefined) return [`The specification has no ${pointer}.`];
    return validate(value)
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };
};

const at = (file: URL, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => Reflect.get(Object(value), key),
    JSON.parse(readFileSync(file, "utf8")),
  );

const recordingHttp = (body: unknown) => {
  const sent: HttpRequest[] = [];
  const http: HttpClient = {
    send: (request) => {
      sent.push(request);
      return Promise.resolve(answerWith(JSON.stringify(body)));
    },
    close: () => undefined,
  };
  return { sent, http };
};

const brokerThatGets = (body: unknown) => {
  const { sent, http } = recordingHttp(body);
  return { sent, broker: createAlpacaBroker({ http, baseUrl: "http://b", credentials, clock }) };
};

describe.skipIf(hasNone)(`Alpaca's trading specification ${note}`, () => {
  it("accepts the orders that the broker sends", async () => {
    const validate = validatorOf(tradingFile);
    const schema = "/paths/~1v2~1orders/post/requestBody/content/application~1json/schema";
    for (const pricing of [intentWith().pricing, { type: "market" } as const]) {
      const { sent, broker } = brokerThatGets(orderSample);
      await broker.submitOrder(approve(intentWith({ pricing })), 1_000);
      const body: unknown = JSON.parse(sent[0]?.body ?? "");
      expect(validate(schema, body)).toEqual([]);
      expect(validate(schema, { ...Object(body), qty: 2 })).toEqual(["/qty must be string"]);
    }
  });

  it("accepts the samples that the tests of the broker use", () => {
    const validate = validatorOf(tradingFile);
    const nullable = Object.entries(orderSample).filter(([, value]) => value !== null);
    // The document marks what may be null in the way of OpenAPI 3.0, which JSON Schema lacks.
    const order = { ...Object.fromEntries(nullable), notional: "0" };
    expect(validate("/components/schemas/Order", order)).toEqual([]);
    expect(validate("/components/schemas/Position", positionSample)).toEqual([]);
    expect(validate("/components/schemas/Account", accountSample)).toEqual([]);
    expect(validate("/components/schemas/legacy_clock", clockSample)).toEqual([]);
  });

  it("has examples that the broker reads", async () => {
    const order = at(tradingFile, "components", "examples", "EquityOrderResponse", "value");
    const orders = await brokerThatGets([order]).broker.listOpenOrders();
    expect(orders).toMatchObject({ ok: true, value: [{ symbol: "AAPL", status: "pending" }] });
    const examples = Object.values(
      Object(at(tradingFile, "components", "schemas", "Position", "x-examples")),
    );
    const positions = await brokerThatGets(examples).broker.listPositions();
    expect(positions).toMatchObject({ ok: true, value: [{ symbol: "AAPL" }, {}] });
    const answer = ["get", "responses", "200", "content", "application/json", "example"];
    const account = at(tradingFile, "paths", "/v2/account", ...answer);
    expect(await brokerThatGets(account).broker.readAccount()).toMatchObject({
      ok: true,
      value: { isBlocked: false, lastEquity: 122_011_097_511 },
    });
  });

  it("lists no status of an order that the broker does not know", () => {
    const words = at(tradingFile, "components", "schemas", "OrderStatus", "enum");
    for (const word of Object.values(Object(words))) {
      expect([word, orderStatusOf(String(word))]).not.toEqual([word, "unlisted"]);
    }
  });
});

describe.skipIf(hasNone)(`Alpaca's market data specification ${note}`, () => {
  it("accepts the samples that the tests of market data use", () => {
    const validate = validatorOf(dataFile);
    const samples = { SPY: snapshotsSample.SPY };
    expect(validate("/components/schemas/stock_snapshots_resp", samples)).toEqual([]);
  });

  it("has examples that the adapter reads whole", async () => {
    const operation = ["get", "responses", "200", "content", "application/json", "examples"];
    const body = at(dataFile, "paths", "/v2/stocks/snapshots", ...operation, "snapshots", "value");
    const { http } = recordingHttp(body);
    const marketData = createAlpacaMarketData({ http, baseUrl: "http://d", credentials, clock });
    const symbols = ["AAPL", "TSLA"].map((name) => parseTicker(name)!);
    expect(await marketData.fetchSnapshots(symbols)).toMatchObject({
      ok: true,
      value: { snapshots: [{ symbol: "AAPL" }, { symbol: "TSLA" }], missing: [], unreadable: [] },
    });
  });

  it("names the paths and parameters that the adapter uses", async () => {
    const parameters = at(dataFile, "paths", "/v1beta1/indices/latest/values", "get", "parameters");
    expect(JSON.stringify(parameters)).toContain("index_symbols");
    expect(at(dataFile, "components", "parameters", "index_symbols", "name")).toBe("symbols");
    expect(at(dataFile, "components", "parameters", "stock_latest_feed", "name")).toBe("feed");
  });
});
