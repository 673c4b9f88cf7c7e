import { err, ok } from "../../domain/result.ts";
import type { Broker } from "../../ports/broker.ts";
import { createVendorReader } from "../http/vendor-reader.ts";
import { AlpacaAccount, AlpacaClock, AlpacaPosition } from "./account-contracts.ts";
import { credentialHeaders, secretsOf, type AlpacaConnection } from "./connection.ts";
import { createFindOrder } from "./find-order.ts";
import { createFindOrders } from "./find-orders.ts";
import { createListExecutions } from "./list-executions.ts";
import { AlpacaList, isForeignAsset } from "./order-contract.ts";
import { readAllOrders } from "./read-all-orders.ts";
import { readElements } from "./read-elements.ts";
import { createSubmitOrder } from "./submit-order.ts";
import { createSuspendTrading } from "./suspend-trading.ts";

const READ_TIMEOUT_MS = 5_000;
const CLOCK_AGE_MAX_MS = 60_000;

/** The broker Alpaca, on its paper or live trading host. Only reads are retried, and once. */
export const createAlpacaBroker = (connection: AlpacaConnection): Broker => {
  const reader = createVendorReader({
    http: connection.http,
    clock: connection.clock,
    vendor: "alpaca",
    baseUrl: connection.baseUrl,
    headers: credentialHeaders(connection.credentials),
    secrets: secretsOf(connection.credentials),
    timeoutMs: READ_TIMEOUT_MS,
  });
  const findOrder = createFindOrder(reader, connection.clock);
  return {
    submitOrder: createSubmitOrder(connection, findOrder),
    findOrder,
    findOrders: createFindOrders(reader),
    listOpenOrders: () => readAllOrders(reader, { status: "open", isNested: false }),
    listOrders: (sinceMs) => readAllOrders(reader, { status: "all", isNested: true, sinceMs }),
    listPositions: async () => {
      const list = await reader.read("/v2/positions", AlpacaList);
      if (!list.ok) return list;
      const equities = list.value.value.filter((element) => !isForeignAsset(element));
      return readElements(reader, equities, AlpacaPosition);
    },
    readAccount: async () => {
      const account = await reader.read("/v2/account", AlpacaAccount);
      return account.ok ? ok(account.value.value) : account;
    },
    readClock: async () => {
      const reading = await reader.read("/v2/clock", AlpacaClock);
      if (!reading.ok) return reading;
      const clock = reading.value.value;
      const ageMs = connection.clock.nowMs() - clock.atMs;
      if (Math.abs(ageMs) <= CLOCK_AGE_MAX_MS) return ok(clock);
      return err(
        reader.fault("UNKNOWN", `The broker's clock is ${Math.round(ageMs / 1000)} s off.`),
      );
    },
    listExecutions: createListExecutions(reader),
    cancelOrder: async (brokerOrderId) => {
      const path = `/v2/orders/${encodeURIComponent(brokerOrderId)}`;
      const answer = await reader.ask("DELETE", path);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      // 422 says that it is over already, or that its end is under way: the order itself tells.
      const wasAsked = (status >= 200 && status < 300) || status === 422;
      return wasAsked ? ok(undefined) : err(reader.faultOf(answer.value));
    },
    suspendTrading: createSuspendTrading(connection, reader),
  };
};
