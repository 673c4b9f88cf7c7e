import * as z from "zod";
import { formatPrice } from "../../domain/market/price.ts";
import { formatQuantity } from "../../domain/market/quantity.ts";
import type { OrderIntent } from "../../domain/orders/order-intent.ts";
import { closingIntentOf } from "../../domain/orders/position-intent.ts";
import type { Result } from "../../domain/result.ts";
import type { Broker, OrderLookup, SubmitOutcome } from "../../ports/broker.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { HttpAnswer, HttpLoss, HttpNoConnection } from "../http/http-client.ts";
import { parseJson } from "../http/parse-json.ts";
import { retryAtMs } from "../http/retry-at.ts";
import { plainText } from "../http/safe-text.ts";
import {
  credentialHeaders,
  secretsOf,
  type AlpacaConnection,
  type AlpacaCredentials,
} from "./connection.ts";
import { AlpacaOrder } from "./order-contract.ts";

/** Alpaca's code for input it refuses, among it a client order id that was used before. */
const CODE_INVALID_OR_DUPLICATE = 40_010_001;

/** An order is answered within this time or its fate is not known. */
const SUBMIT_MAX_MS = 10_000;

/**
 * Sends an order once and says what the answer means. Only an answer that is certain is anything
 * but `unknown`: 2xx with our order in it, 401, 403, 422 and 429, or a connection never made.
 * A 422 may mean that the order landed before, which is decided by looking it up under its id,
 * never by the message. `deadlineMs` is the time left for all of it, in milliseconds.
 */
export const createSubmitOrder =
  (connection: AlpacaConnection, findOrder: Broker["findOrder"]): Broker["submitOrder"] =>
  async ({ order: intent }, deadlineMs) => {
    const startedAtMs = connection.clock.monotonicMs();
    const outcome = await connection.http.send({
      method: "POST",
      url: `${connection.baseUrl}/v2/orders`,
      headers: {
        ...credentialHeaders(connection.credentials),
        "content-type": "application/json",
      },
      body: JSON.stringify(orderRequest(intent)),
      timeoutMs: Math.min(deadlineMs, SUBMIT_MAX_MS),
    });
    if (outcome.type !== "answer") return withoutAnswer(outcome);
    if (outcome.status !== 422) return meaningOf(outcome, intent, connection);
    const leftMs = deadlineMs - (connection.clock.monotonicMs() - startedAtMs);
    const found = await findOrder(intent.clientOrderId, leftMs);
    return afterRefusedInput(readRefusal(outcome, connection.credentials), found);
  };

const withoutAnswer = (loss: HttpLoss | HttpNoConnection): SubmitOutcome => {
  switch (loss.type) {
    case "noConnection":
      return { type: "notSent", detail: loss.detail };
    case "timeout":
    case "reset":
    case "tooLarge":
    case "aborted":
      return { type: "unknown", detail: loss.detail };
  }
};

/**
 * The order as Alpaca takes it: regular hours only. A bracket is good till cancelled, so that its
 * stop outlives a system that is dead at the close; everything else is good for the day.
 */
const orderRequest = (intent: OrderIntent): unknown => ({
  symbol: intent.symbol,
  qty: formatQuantity(intent.quantity),
  side: intent.side,
  type: intent.pricing.type,
  time_in_force: intent.protection === null ? "day" : "gtc",
  ...(intent.pricing.type === "limit"
    ? { limit_price: formatPrice(intent.pricing.limitPrice) }
    : {}),
  client_order_id: intent.clientOrderId,
  // Left out of the JSON where it is undefined.
  position_intent: closingIntentOf(intent),
  ...(intent.protection === null
    ? {}
    : {
        order_class: "bracket",
        stop_loss: { stop_price: formatPrice(intent.protection.stopPrice) },
        take_profit: { limit_price: formatPrice(intent.protection.targetPrice) },
      }),
});

const meaningOf = (
  answer: HttpAnswer,
  intent: OrderIntent,
  { clock, credentials }: AlpacaConnection,
): SubmitOutcome => {
  if (answer.status >= 200 && answer.status < 300) return afterAcceptance(answer, intent);
  const { isReadable, code, detail } = readRefusal(answer, credentials);
  if (answer.status === 401) return { type: "unauthorized", detail };
  if (answer.status === 429) {
    const atMs = retryAtMs(answer.headers, clock.nowMs());
    return { type: "notSent", detail, ...(atMs === undefined ? {} : { retryAtMs: atMs }) };
  }
  if (answer.status === 403 && isReadable) {
    // Every business answer has a code; without one it is the door that is shut, not the order.
    return code === undefined
      ? { type: "unauthorized", detail }
      : { type: "rejected", code: code.toString(), detail };
  }
  return { type: "unknown", detail };
};

const afterAcceptance = (answer: HttpAnswer, intent: OrderIntent): SubmitOutcome => {
  const body = parseJson(answer.body);
  const order = AlpacaOrder.safeParse(body.ok ? body.value : undefined);
  if (!order.success) return { type: "unknown", detail: `${answer.status}: an unreadable body` };
  if (order.data.clientOrderId !== intent.clientOrderId) {
    return { type: "unknown", detail: `${answer.status}: the answer is of another order` };
  }
  return { type: "acknowledged", order: order.data };
};

const afterRefusedInput = (
  { code, detail }: Refusal,
  found: Result<OrderLookup, VendorFault>,
): SubmitOutcome => {
  if (!found.ok) {
    return { type: "unknown", detail: `${detail}; not looked up: ${found.error.detail}` };
  }
  if (found.value.type === "found") return { type: "alreadyExists", order: found.value.order };
  // The code is that of a used id too, and an order may be hidden from a look-up for a while:
  // "not found" is no proof that nothing landed.
  if (code === undefined || code === CODE_INVALID_OR_DUPLICATE) {
    return { type: "unknown", detail: `${detail}; no order is found under its id` };
  }
  return { type: "rejected", code: code.toString(), detail };
};

/** What the broker said when it refused. */
type Refusal = {
  readonly isReadable: boolean;
  readonly code: number | undefined;
  /** The status and the broker's words, without credentials. */
  readonly detail: string;
};

const readRefusal = (answer: HttpAnswer, credentials: AlpacaCredentials): Refusal => {
  const body = parseJson(answer.body);
  const refusal = RefusalBody.safeParse(body.ok ? body.value : undefined);
  const message = refusal.data?.message ?? "no words that can be read";
  return {
    isReadable: refusal.success,
    code: refusal.data?.code,
    detail: `${answer.status}: ${plainText(message, secretsOf(credentials))}`,
  };
};

const RefusalBody = z.object({
  code: z.int().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});
