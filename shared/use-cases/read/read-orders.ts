import { formatPrice } from "../../domain/market/price.ts";
import { formatQuantity } from "../../domain/market/quantity.ts";
import type { SessionDate } from "../../domain/market/session-date.ts";
import type { Order, OrderState } from "../../domain/orders/order.ts";
import { err, ok, type Result } from "../../domain/result.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { ReadRefusal } from "./read-refusal.ts";
import { readSession } from "./read-session.ts";

/** An order with where it stands and why; prices in USD and quantities in shares, as text. */
export type OrderView = {
  readonly clientOrderId: string;
  readonly brokerOrderId: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly purpose: string;
  readonly quantity: string;
  readonly filled: string;
  readonly averagePrice: string | null;
  /** Null for a market order. */
  readonly limitPrice: string | null;
  readonly state: string;
  /** Why it stands there: denials, the broker's words, or the cause of not knowing. */
  readonly reasons: readonly string[];
  /** Why it was decided. */
  readonly decision: string;
  readonly score: number | null;
  readonly decidedAtMs: number;
  readonly updatedAtMs: number;
};

const ORDERS_MAX = 200;

/** Reads the newest 200 orders of a session (`YYYY-MM-DD`; today's by default). */
export const createReadOrders =
  (deps: {
    readonly ledger: Pick<Ledger, "listOrders">;
    readonly clock: Clock;
    readonly settings: Settings;
  }) =>
  async (
    session: string | undefined,
  ): Promise<
    Result<
      { readonly sessionDate: SessionDate; readonly orders: readonly OrderView[] },
      ReadRefusal
    >
  > => {
    const sessionDate = readSession(session, deps.clock.nowMs());
    if (!sessionDate.ok) return sessionDate;
    const { account } = deps.settings;
    const listed = await deps.ledger.listOrders(account, sessionDate.value, ORDERS_MAX);
    if (!listed.ok) return err({ type: "Unavailable", detail: "The ledger cannot be read now." });
    return ok({ sessionDate: sessionDate.value, orders: listed.value.map(toView) });
  };

const toView = ({ intent, ...order }: Order): OrderView => ({
  clientOrderId: intent.clientOrderId,
  brokerOrderId: order.brokerOrderId,
  symbol: intent.symbol,
  side: intent.side,
  purpose: intent.purpose,
  quantity: formatQuantity(order.quantity),
  filled: formatQuantity(order.filled),
  averagePrice: order.averagePrice === null ? null : formatPrice(order.averagePrice),
  limitPrice: intent.pricing.type === "limit" ? formatPrice(intent.pricing.limitPrice) : null,
  state: order.state.name,
  reasons: reasonsOf(order.state),
  decision: intent.reason,
  score: intent.score,
  decidedAtMs: intent.decidedAtMs,
  updatedAtMs: order.updatedAtMs,
});

const reasonsOf = (state: OrderState): readonly string[] => {
  switch (state.name) {
    case "denied":
      return state.denials.map(({ reason }) => reason);
    case "rejected":
      return [state.reason];
    case "unknown":
    case "notSent":
    case "expired":
      return [state.cause];
    case "replaced":
      return [`Replaced by ${state.replacedBy}.`];
    case "new":
    case "claimed":
    case "acknowledged":
    case "orphaned":
    case "partiallyFilled":
    case "filled":
    case "cancelled":
      return [];
  }
};
