import { formatPrice } from "../../shared/domain/market/price.ts";
import { formatQuantity } from "../../shared/domain/market/quantity.ts";
import type { ClientOrderId } from "../../shared/domain/orders/client-order-id.ts";
import type { Order } from "../../shared/domain/orders/order.ts";
import type { OrderEvent } from "../../shared/domain/orders/order-event.ts";
import { WITHHELD } from "../../shared/use-cases/broker-of.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import type { TellEvent, WorldEvent } from "./world-event.ts";

/** What watches the histories of orders. */
export type LedgerWatch = {
  readonly tell: TellEvent;
  /** Called when the broker may know something that the ledger does not know yet. */
  readonly onUnsettled: () => void;
};

/** The same ledger, telling what happens to orders once it is stored. */
export const watchLedger = (ledger: Ledger, watch: LedgerWatch): Ledger => ({
  ...ledger,
  appendEvents: async (clientOrderId, sequence, events) => {
    const stored = await ledger.appendEvents(clientOrderId, sequence, events);
    if (stored.ok) await tellAll(ledger, watch, clientOrderId, events);
    return stored;
  },
});

const tellAll = async (
  ledger: Ledger,
  watch: LedgerWatch,
  clientOrderId: ClientOrderId,
  events: readonly OrderEvent[],
): Promise<void> => {
  if (events.some(({ type }) => type === "acknowledged" || type === "submissionUnknown")) {
    watch.onUnsettled();
  }
  const told = events.filter(({ type }) => TOLD.has(type));
  if (told.length === 0) return;
  const loaded = await ledger.loadOrder(clientOrderId);
  if (!loaded.ok || loaded.value === undefined) return;
  for (const event of told) {
    const line = toWorldEvent(event, loaded.value);
    if (line !== undefined) watch.tell(line);
  }
};

const TOLD = new Set<OrderEvent["type"]>([
  "denied",
  "rejected",
  "submissionUnknown",
  "notSent",
  "orphaned",
  "fillObserved",
  "legFillObserved",
  "expired",
]);

const toWorldEvent = (event: OrderEvent, { intent }: Order): WorldEvent | undefined => {
  const { symbol, side, purpose } = intent;
  const { atMs } = event;
  switch (event.type) {
    case "fillObserved":
      return {
        type: "orderFilled",
        atMs,
        symbol,
        side,
        purpose,
        quantity: formatQuantity(event.cumulativeFilled),
        price: formatPrice(event.averagePrice),
        reason: intent.reason,
      };
    case "legFillObserved":
      return {
        type: "orderFilled",
        atMs,
        symbol,
        side: side === "buy" ? "sell" : "buy",
        purpose: "exit",
        quantity: formatQuantity(event.cumulativeFilled),
        price: formatPrice(event.averagePrice),
        reason: `${event.role} at the broker`,
      };
    case "denied": {
      const reasons = event.denials.map(({ reason }) => reason);
      return { type: "orderDenied", atMs, symbol, reasons };
    }
    case "rejected":
      return { type: "orderTrouble", atMs, symbol, what: "rejected", reason: event.reason };
    case "submissionUnknown":
      return { type: "orderTrouble", atMs, symbol, what: "unknown", reason: event.cause };
    case "notSent":
      return { type: "orderTrouble", atMs, symbol, what: "notSent", reason: event.cause };
    case "orphaned":
      return { type: "orderTrouble", atMs, symbol, what: "orphaned", reason: "No claim." };
    case "expired":
      return event.cause === WITHHELD
        ? { type: "orderTrouble", atMs, symbol, what: "withheld", reason: intent.reason }
        : undefined;
    case "intentRecorded":
    case "claimed":
    case "acknowledged":
    case "executionsObserved":
    case "cancelRequested":
    case "cancelled":
    case "replaced":
      return undefined;
  }
};
