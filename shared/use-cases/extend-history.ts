import { RetryableError } from "../domain/fault.ts";
import { legalEvents } from "../domain/orders/broker-report.ts";
import type { ClientOrderId } from "../domain/orders/client-order-id.ts";
import type { Order } from "../domain/orders/order.ts";
import type { OrderEvent } from "../domain/orders/order-event.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { tolerateLoss } from "./tolerate-loss.ts";

/** Someone else writes a history at the same moment rarely, and hardly ever twice in a row. */
const TRIES_MAX = 3;

/**
 * Appends what `eventsOf` makes of an order as it is stored now, as far as its state takes it, and
 * counts its first fill; anew where someone else wrote the history at the same moment. A history
 * that is damaged or missing is `unreadable`, and nothing is written over it. Throws
 * `RetryableError` when the ledger fails or the history stays contended.
 */
export const extendHistory = async (
  deps: { readonly ledger: Ledger; readonly telemetry: Telemetry },
  clientOrderId: ClientOrderId,
  eventsOf: (order: Order) => readonly OrderEvent[],
): Promise<"written" | "unreadable"> => {
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const loaded = await deps.ledger.loadOrder(clientOrderId);
    if (!loaded.ok && loaded.error.type === "LedgerCorrupt") return "unreadable";
    if (!loaded.ok) throw new RetryableError(`The order was not read: ${loaded.error.detail}`);
    const order = loaded.value;
    if (order === undefined) return "unreadable";
    const events = legalEvents(order, eventsOf(order));
    if (events.length === 0) return "written";
    const stored = await deps.ledger.appendEvents(clientOrderId, order.eventCount, events);
    if (stored.ok) {
      await countFill(deps.telemetry, order, events);
      return "written";
    }
    if (stored.error.type !== "EventConflict") break;
  }
  throw new RetryableError("The order's history was not written.");
};

const countFill = async (
  telemetry: Telemetry,
  order: Order,
  events: readonly OrderEvent[],
): Promise<void> => {
  const isFilled = events.some((event) => event.type === "fillObserved");
  if (!isFilled || order.filled > 0) return;
  const counts = { passed: { filled: 1 }, stopped: {} };
  await tolerateLoss(telemetry.addToFunnel(order.intent.sessionDate, counts));
};
