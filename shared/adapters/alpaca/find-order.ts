import * as z from "zod";
import type { BrokerOrder } from "../../domain/orders/broker-state.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Broker, OrderLookup } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { VendorFault } from "../../ports/vendor-fault.ts";
import type { VendorReader } from "../http/vendor-reader.ts";
import { AlpacaOrder, lacksLegs } from "./order-contract.ts";

/** Makes the look-up. "Not found" counts only in the broker's own words: any proxy answers 404. */
export const createFindOrder =
  (reader: VendorReader, clock: Pick<Clock, "monotonicMs">): Broker["findOrder"] =>
  async (clientOrderId, withinMs = Infinity) => {
    const untilMs = clock.monotonicMs() + withinMs;
    const query = `client_order_id=${encodeURIComponent(clientOrderId)}`;
    const path = `/v2/orders:by_client_order_id?${query}`;
    const answer = await reader.ask("GET", path, { withinMs });
    if (!answer.ok) return answer;
    if (answer.value.status === 404 && reader.parse(answer.value, NotFound).ok) {
      return ok({ type: "notFound" });
    }
    if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
    const order = reader.parse(answer.value, AlpacaOrder);
    if (!order.ok) return order;
    if (order.value.clientOrderId !== clientOrderId) {
      return err(reader.fault("SCHEMA_ERROR", "client_order_id: expected the one asked for"));
    }
    if (!reader.parse(answer.value, Bracket).ok) return ok({ type: "found", order: order.value });
    return withLegs(reader, order.value, untilMs - clock.monotonicMs());
  };

/**
 * The look-up by client order id may leave the legs of a bracket out; by the broker's id it cannot.
 */
const withLegs = async (
  reader: VendorReader,
  order: BrokerOrder,
  withinMs: number,
): Promise<Result<OrderLookup, VendorFault>> => {
  const path = `/v2/orders/${encodeURIComponent(order.brokerOrderId)}?nested=true`;
  const answer = await reader.ask("GET", path, { withinMs });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return err(reader.faultOf(answer.value));
  const whole = reader.parse(answer.value, AlpacaOrder);
  return whole.ok ? ok({ type: "found", order: whole.value }) : whole;
};

const Bracket = z.unknown().refine(lacksLegs);

/** Alpaca's code for an order it does not have. */
const CODE_NOT_FOUND = 40_410_000;

const NotFound = z.object({ code: z.literal(CODE_NOT_FOUND) });
