import { existsSync, readFileSync } from "node:fs";
import { marketData, trading } from "@alpacahq/alpaca-trade-api";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./start-server.ts";

const TRADING_SPEC = "../shared/specs/alpaca-trading-api.json";
const DATA_SPEC = "../shared/specs/alpaca-market-data-api.json";
const MARKET = { symbol: "SPY", side: "buy", type: "market", time_in_force: "day", qty: "10" };
const BRACKET = {
  ...MARKET,
  symbol: "IBM",
  order_class: "bracket",
  take_profit: { limit_price: "9999.00" },
  stop_loss: { stop_price: "1.00", limit_price: "0.99" },
};

/** Says what is wrong with a value by a schema of a specification; "" if nothing is. */
const createCheck = (path: string) => {
  const ajv = new Ajv({ strict: false, logger: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "spec", ...JSON.parse(readFileSync(path, "utf8")) });
  return (name: string, value: unknown): string => {
    const validate = ajv.compile({ $ref: `spec#/components/schemas/${name}` });
    return validate(value) ? "" : ajv.errorsText(validate.errors);
  };
};

describe("the answers of the simulated exchange", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());
  const get = async (path: string) => (await server.ask("GET", path)).body;

  it.skipIf(!existsSync(TRADING_SPEC))(
    "match Alpaca's trading specification in ../shared/specs, where it is present",
    async () => {
      const check = createCheck(TRADING_SPEC);
      const placed = await server.ask("POST", "/v2/orders", MARKET);
      const bracket = await server.ask("POST", "/v2/orders", BRACKET);
      const rest = await server.ask("POST", "/v2/orders", {
        ...MARKET,
        symbol: "IBM",
        type: "limit",
        limit_price: "1.00",
        order_class: "oto",
        stop_loss: { stop_price: "0.50" },
      });
      const replaced = await server.ask("PATCH", `/v2/orders/${rest.body.id}`, {
        limit_price: "1.10",
      });
      const orders = [placed.body, bracket.body, rest.body, replaced.body];
      for (const order of [...orders, ...(await get("/v2/orders?status=all&nested=true"))]) {
        expect(check("Order", order)).toBe("");
      }
      for (const position of await get("/v2/positions")) {
        expect(check("Position", position)).toBe("");
      }
      for (const fill of await get("/v2/account/activities/FILL")) {
        expect(check("TradingActivities", fill)).toBe("");
      }
      expect(check("Account", await get("/v2/account"))).toBe("");
      expect(check("AccountConfigurations", await get("/v2/account/configurations"))).toBe("");
      expect(check("legacy_clock", await get("/v2/clock"))).toBe("");
      expect(check("legacy_public_calendar_resp", await get("/v2/calendar"))).toBe("");
      expect(check("Assets", await get("/v2/assets/SPY"))).toBe("");
      expect(check("Error", await get("/v2/orders/none"))).toBe("");
      const closed = await server.ask("DELETE", "/v2/positions?cancel_orders=true");
      for (const each of closed.body) expect(check("PositionClosedReponse", each)).toBe("");
      await server.ask("POST", "/v2/orders", { ...MARKET, type: "limit", limit_price: "1.00" });
      const canceled = await server.ask("DELETE", "/v2/orders");
      expect(canceled.body).toHaveLength(1);
      for (const each of canceled.body) expect(check("CanceledOrderResponse", each)).toBe("");
    },
  );

  it.skipIf(!existsSync(DATA_SPEC))(
    "match Alpaca's market data specification in ../shared/specs, where it is present",
    async () => {
      const check = createCheck(DATA_SPEC);
      const symbols = "symbols=SPY,IBM";
      const snapshots = await get(`/v2/stocks/snapshots?${symbols}`);
      expect(Object.keys(snapshots.SPY)).toHaveLength(5);
      expect(check("stock_snapshots_resp", snapshots)).toBe("");
      const quotes = await get(`/v2/stocks/quotes/latest?${symbols}`);
      expect(check("stock_latest_quotes_resp", quotes)).toBe("");
      const trades = await get(`/v2/stocks/trades/latest?${symbols}`);
      expect(check("stock_latest_trades_resp", trades)).toBe("");
      for (const span of ["1Min", "1Day&start=2024-02-01"]) {
        const bars = await get(`/v2/stocks/bars?${symbols}&timeframe=${span}`);
        expect(check("stock_bars_resp", bars)).toBe("");
        expect(bars.bars.SPY.length).toBeGreaterThan(5);
      }
      const index = await get("/v1beta1/indices/latest/values?symbols=VIX");
      expect(check("index_latest_values_resp", index)).toBe("");
      expect(index.values.VIX.v).toBeGreaterThan(8);
    },
  );

  it("are understood by Alpaca's own client: orders, positions, account, clock, calendar", async () => {
    const keys = { keyId: "key", secret: "secret", basePath: server.url };
    const configuration = new trading.Configuration(keys);
    const orders = new trading.OrdersApi(configuration);
    const positions = new trading.PositionsApi(configuration);
    const placed = await orders.postOrder({
      postOrderRequest: {
        symbol: "SPY",
        qty: "3",
        side: "buy",
        type: "limit",
        timeInForce: "gtc",
        limitPrice: "1.00",
        clientOrderId: "from-the-client",
      },
    });
    expect(placed.status).toBe("pending_new");
    const replaced = await orders.patchOrderByOrderId({
      orderId: placed.id ?? "",
      patchOrderRequest: { limitPrice: "1.25" },
    });
    expect(replaced).toMatchObject({ replaces: placed.id, limitPrice: "1.25" });
    const original = await orders.getOrderByClientOrderId({ clientOrderId: "from-the-client" });
    expect(original).toMatchObject({ status: "replaced", replacedBy: replaced.id });
    await orders.deleteOrderByOrderID({ orderId: replaced.id ?? "" });
    server.passMs(1_000);
    const gone = await orders.getOrderByOrderID({ orderId: replaced.id ?? "" });
    expect(gone.status).toBe("canceled");
    const bracket = await orders.postOrder({
      postOrderRequest: {
        symbol: "SPY",
        qty: "5",
        side: "buy",
        type: "market",
        timeInForce: "day",
        orderClass: "bracket",
        takeProfit: { limitPrice: "9999" },
        stopLoss: { stopPrice: "1" },
      },
    });
    expect(bracket.legs).toHaveLength(2);
    const open = await orders.getAllOrders({ status: "open", nested: true });
    expect(open.length).toBeGreaterThan(0);
    expect(await positions.getAllOpenPositions()).toMatchObject([{ symbol: "SPY", qty: "5" }]);
    expect((await positions.getOpenPosition({ symbolOrAssetId: "SPY" })).side).toBe("long");
    const account = await new trading.AccountsApi(configuration).getAccount();
    expect(Number(account.cash)).toBeLessThan(100_000);
    const clock = await new trading.ClockApi(configuration).legacyClock();
    expect(clock.isOpen).toBe(true);
    const calendar = await new trading.CalendarApi(configuration).legacyCalendar({
      start: new Date("2024-03-04"),
      end: new Date("2024-03-08"),
    });
    expect(calendar).toHaveLength(5);
    const closed = await positions.deleteAllOpenPositions({ cancelOrders: true });
    expect(closed).toMatchObject([{ symbol: "SPY", status: 200 }]);
    const stocks = new marketData.StockApi(new marketData.Configuration(keys));
    const snapshots = await stocks.stockSnapshots({ symbols: "SPY,IBM" });
    expect(Object.keys(snapshots)).toEqual(["SPY", "IBM"]);
  });

  it("are refusals that Alpaca's own client tells apart by status and code", async () => {
    const basePath = server.url;
    const ordersOf = (keys: { readonly keyId: string; readonly secret: string }) =>
      new trading.OrdersApi(new trading.Configuration({ ...keys, basePath }));
    const orders = ordersOf({ keyId: "key", secret: "secret" });
    const place = (change: Readonly<Record<string, string>> = {}) =>
      orders.postOrder({
        postOrderRequest: {
          symbol: "SPY",
          qty: "3",
          side: "buy",
          type: "limit",
          timeInForce: "day",
          limitPrice: "1.00",
          clientOrderId: "used",
          ...change,
        },
      });
    await place();
    await expect(place()).rejects.toMatchObject({ status: 422, code: 40_010_001 });
    const dear = place({ clientOrderId: "dear", qty: "900000", limitPrice: "100" });
    await expect(dear).rejects.toMatchObject({ status: 403, code: 40_310_000 });
    server.faults.arm({ name: "washTrade", probability: 1, times: 1 });
    const wash = place({ clientOrderId: "wash" });
    await expect(wash).rejects.toMatchObject({ status: 403 });
    server.faults.arm({ name: "rateLimit", probability: 1, times: 1 });
    await expect(place({ clientOrderId: "fast" })).rejects.toMatchObject({ status: 429 });
    const unknown = orders.getOrderByClientOrderId({ clientOrderId: "never" });
    await expect(unknown).rejects.toMatchObject({ status: 404 });
    const stranger = ordersOf({ keyId: "key", secret: "wrong" });
    await expect(stranger.getAllOrders()).rejects.toMatchObject({ status: 403 });
  });
});
